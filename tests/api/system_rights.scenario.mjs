// SPDX-License-Identifier: Apache-2.0
// System rights: each is checked where it says, and the pages of who has it not are refused in his language.
import { assert, by, create, expect, expectProblem, makeUser, unique, waitForJob, withRights } from './lib.mjs';

const READ = { read: 'all', create: true, update: 'all', delete: 'all' };

export const tests = [
  {
    name: 'rights of roles and sharing rules take manage_roles, not customise',
    async run(server) {
      const customiser = await withRights(server, ['customise']);
      const keeper = await withRights(server, ['manage_roles'], { account: READ, role: READ });
      const rule = { object: 'account', when: 'name = "none"', with: { everyone: true }, level: 'read' };
      for (const [method, path, body] of [['get', '/meta/access/seller'], ['put', '/meta/access/seller', { objects: {} }], ['post', '/meta/access/seller/preview', { objects: {} }],
        ['get', '/meta/sharing-rules'], ['post', '/meta/sharing-rules', rule]]) {
        const refused = expectProblem(await customiser.client[method](path, body), 403, 'forbidden');
        assert.ok(refused.detail.includes('manage_roles'), refused.detail);
        const answer = await keeper.client[method](path, body);
        assert.ok(answer.status < 300, `${method} ${path}: ${answer.text.slice(0, 200)}`);
      }
      const zh = expectProblem(await server.request('GET', '/api/v1/meta/access/seller', undefined, { Authorization: `Bearer ${customiser.key}`, 'Accept-Language': 'zh-CN' }), 403, 'forbidden');
      assert.ok(zh.detail.includes('需要权限'), zh.detail);
      expectProblem(await keeper.client.post('/meta/lists', { list: 'x' }), 403, 'forbidden');
    },
  },
  {
    name: 'files and reversals that change rights take manage_roles too; others do not',
    async run(server) {
      const admin = by(server);
      const customiser = await withRights(server, ['customise']);
      const files = { 'access/seller.access.json': { role: 'seller', objects: { account: { read: 'all' } } } };
      assert.ok(expect(await customiser.client.post('/meta/apply', { files, dry_run: true }), 200).diff.length > 0);
      expectProblem(await customiser.client.post('/meta/apply', { files }), 403, 'forbidden');
      const list = unique('l').replace(/[^a-z0-9_]/g, '_');
      const harmless = { [`lists/${list}.list.json`]: { list, label: { en: 'L', 'zh-CN': 'L' }, entries: [{ value: 'a', label: { en: 'A', 'zh-CN': 'A' } }] } };
      const applied = await customiser.client.post('/meta/apply', { files: harmless });
      assert.equal(applied.status, 200, applied.text.slice(0, 200));
      expect(await admin.put(`/meta/access/${customiser.code}`, { objects: { lead: { read: 'own' } } }), 200);
      const newest = expect(await admin.get('/meta/changes?limit=1'), 200).items[0];
      assert.equal(newest.action, 'access.change');
      expectProblem(await customiser.client.post(`/meta/changes/${newest.id}/revert`, {}), 403, 'forbidden');
      expect(await admin.post(`/meta/changes/${newest.id}/revert`, {}), 204);
    },
  },
  {
    name: 'roles are made, renamed and removed by who manages them, whatever the rights on the object',
    async run(server) {
      const other = await withRights(server, ['customise'], { role: READ });
      const keeper = await withRights(server, ['manage_roles'], { role: READ });
      const code = unique('made').replace(/[^a-z0-9_]/g, '_');
      expectProblem(await other.client.post('/roles', { code, name: code }), 403, 'forbidden');
      const role = await create(keeper.client, 'roles', { code, name: code });
      expectProblem(await other.client.patch(`/roles/${role.id}`, { name: 'x' }), 403, 'forbidden');
      expectProblem(await other.client.delete(`/roles/${role.id}`), 403, 'forbidden');
      expect(await keeper.client.patch(`/roles/${role.id}`, { name: 'renamed' }), 200);
      expect(await keeper.client.delete(`/roles/${role.id}`), 204);
    },
  },
  {
    name: 'nobody gives himself roles by the right to his own record; who is administrator is for administrators',
    async run(server) {
      const plain = await withRights(server, [], { user: READ, role: READ, position: READ });
      const keeper = await withRights(server, ['manage_users'], { user: READ, role: READ, position: READ });
      const target = await makeUser(server, ['seller']);
      const boss = { roles: [{ match: { code: 'boss' } }] };
      const top = { roles: [{ match: { code: 'administrator' } }] };
      expectProblem(await plain.client.patch(`/users/${plain.id}`, boss), 403, 'forbidden');
      expect(await plain.client.patch(`/users/${target.id}`, { job_title: 'x' }), 200);
      expect(await keeper.client.patch(`/users/${target.id}`, boss), 200);
      const refused = expectProblem(await keeper.client.patch(`/users/${keeper.id}`, top), 422, 'validation');
      assert.equal(refused.errors[0].field, 'roles');
      const chief = await makeUser(server, ['administrator']);
      expectProblem(await keeper.client.patch(`/users/${chief.id}`, boss), 422, 'validation');
      expectProblem(await keeper.client.post(`/users/${chief.id}/password`, { password: 'long enough 1' }), 403, 'forbidden');
      expect(await keeper.client.post(`/users/${target.id}/password`, { password: 'long enough 1' }), 204);
      const brings = async (code) => create(by(server), 'positions', { name: unique(code), code: unique('p').replace(/[^a-z0-9_]/g, '_'), roles: [{ match: { code } }] });
      const [low, high] = [await brings('boss'), await brings('administrator')];
      expectProblem(await plain.client.patch(`/users/${plain.id}`, { position: low.id }), 403, 'forbidden');
      expect(await keeper.client.patch(`/users/${target.id}`, { position: low.id }), 200);
      expectProblem(await keeper.client.patch(`/users/${keeper.id}`, { position: high.id }), 422, 'validation');
      expectProblem(await keeper.client.patch(`/users/${keeper.id}`, { other_positions: [high.id] }), 422, 'validation');
      expect(await by(server).patch(`/users/${target.id}`, top), 200);
    },
  },
  {
    name: 'making keys, and those of others, take api_keys; revoking one\'s own takes nothing',
    async run(server) {
      const admin = by(server);
      const plain = await makeUser(server, ['seller']);
      const keeper = await withRights(server, ['api_keys'], { user: { read: 'all' } });
      expectProblem(await plain.client.post('/api-keys', { name: 'mine' }), 403, 'forbidden');
      const own = expect(await keeper.client.post('/api-keys', { name: 'own' }), 201);
      assert.ok(own.key.startsWith('gx_'));
      expectProblem(await plain.client.get('/api-keys?all=true'), 403, 'forbidden');
      expectProblem(await plain.client.get('/api-keys?all=maybe'), 400, 'bad_parameter');
      const mine = expect(await plain.client.get('/api-keys'), 200).items; // made on the command line
      assert.equal(mine.length, 1);
      const seen = [];
      for (let next = ''; next !== null;) {
        const page = expect(await keeper.client.get(`/api-keys?all=true&limit=3${next ? `&after=${next}` : ''}`), 200);
        assert.ok(page.items.length <= 3 && (page.next === null || page.items.length === 3));
        seen.push(...page.items);
        next = page.next;
      }
      assert.equal(seen.find((k) => k.id === mine[0].id).user.id, plain.id);
      assert.equal(new Set(seen.map((k) => k.id)).size, seen.length);
      expectProblem(await plain.client.delete(`/api-keys/${own.id}`), 404, 'not_found');
      expectProblem(await keeper.client.post('/api-keys', { name: 'his', user: plain.id }), 403, 'forbidden');
      const his = expect(await admin.post('/api-keys', { name: 'his', user: plain.id }), 201);
      assert.equal(expect(await by(server, his.key).get('/me'), 200).user.id, plain.id);
      expect(await keeper.client.delete(`/api-keys/${his.id}`), 204);
      expectProblem(await by(server, his.key).get('/me'), 401, 'unauthenticated');
      expectProblem(await keeper.client.delete(`/api-keys/${his.id}`), 404, 'not_found');
      expect(await plain.client.delete(`/api-keys/${mine[0].id}`), 204);
      expectProblem(await plain.client.get('/me'), 401, 'unauthenticated');
    },
  },
  {
    name: 'jobs of others are seen with see_jobs and decided about with manage_jobs',
    async run(server) {
      const admin = by(server);
      const started = await admin.post('/accounts/export', { filter: 'name = "nobody"', format: 'csv' });
      const { id } = await waitForJob(admin, started);
      const nobody = await withRights(server, []);
      const watcher = await withRights(server, ['see_jobs']);
      const manager = await withRights(server, ['manage_jobs']);
      expectProblem(await nobody.client.get('/jobs?all=true'), 403, 'forbidden');
      expectProblem(await nobody.client.get(`/jobs/${id}`), 404, 'not_found');
      for (const one of [watcher, manager]) {
        assert.equal(expect(await one.client.get(`/jobs/${id}`), 200).id, id);
        assert.ok(expect(await one.client.get('/jobs?all=true&limit=200'), 200).items.some((j) => j.id === id));
      }
      expectProblem(await watcher.client.post(`/jobs/${id}/discard`, {}), 404, 'not_found');
      expect(await manager.client.post(`/jobs/${id}/discard`, {}), 204);
    },
  },
  {
    name: 'a right that does not exist cannot be given; a role is saved only over what was seen of it',
    async run(server) {
      const admin = by(server);
      const { code } = await withRights(server, [], { account: { read: 'own' } });
      const path = `/meta/access/${code}`;
      assert.equal(expectProblem(await admin.put(path, { system: ['audit', 'aduit'] }), 422, 'validation').errors[0].field, 'system.1');
      const seen = await admin.get(path);
      const tag = seen.headers.etag;
      assert.match(tag, /^"\d+"$/);
      expect(await admin.put('/meta/access/analyst', { system: ['manage_views'] }), 200); // another role is in nobody's way
      const put = (body, match) => server.request('PUT', `/api/v1${path}`, body, { 'If-Match': match });
      expect(await put({ objects: { lead: { read: 'own' } } }, tag), 200);
      const stale = expectProblem(await put({ objects: { lead: { read: 'all' } } }, tag), 412, 'stale');
      assert.ok(stale.detail.includes(code), stale.detail);
      assert.equal(expect(await admin.get(path), 200).objects.lead.read, 'own');
      expect(await put({ objects: { lead: { read: 'all' } } }, (await admin.get(path)).headers.etag), 200);
      expect(await put({ objects: { lead: { read: 'none' } } }, '*'), 200);
    },
  },
];
