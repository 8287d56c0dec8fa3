// SPDX-License-Identifier: Apache-2.0
// Positions 岗位: what they bring adds up with a person's own roles, at once, and is explained; nobody gives himself one.
import { assert, by, create, expect, expectProblem, makeUser, unique, waitForJob } from './lib.mjs';

const roleId = async (admin, code) => expect(await admin.get(`/roles?filter=${encodeURIComponent(`code = "${code}"`)}`), 200).items[0].id;
const position = async (admin, roles, more = {}) =>
  create(admin, 'positions', { code: unique('job').replaceAll('-', '_'), name: unique('岗位'), name_en: 'Area manager', roles: await Promise.all(roles.map((r) => roleId(admin, r))), ...more });
const sees = async (person, id) => (await person.client.get(`/accounts/${id}`)).status === 200;
const because = async (client, account, user) => expect(await client.get(`/accounts/${account}/access?user=${user}`), 200);

export const tests = [
  {
    name: 'roles of a position add up with one\'s own, and follow the position at once',
    async run(server) {
      const admin = by(server);
      const account = await create(admin, 'accounts', { name: unique('held') });
      const person = await makeUser(server, ['seller']);
      const nobody = await makeUser(server, []);
      assert.equal(await sees(person, account.id), false);
      const job = await position(admin, ['boss']);
      expect(await admin.patch(`/users/${person.id}`, { position: job.id }), 200);
      assert.equal(await sees(person, account.id), true);
      expect(await admin.patch(`/users/${nobody.id}`, { other_positions: [job.id] }), 200);
      assert.equal(await sees(nobody, account.id), true); // also by a position one holds besides
      expect(await admin.patch(`/positions/${job.id}`, { is_active: false }), 200);
      assert.equal(await sees(person, account.id), false);
      expect(await admin.patch(`/positions/${job.id}`, { is_active: true }), 200);
      assert.equal(await sees(person, account.id), true);
      expect(await admin.patch(`/positions/${job.id}`, { roles: [await roleId(admin, 'warehouse')] }), 200);
      assert.equal(await sees(person, account.id), false);
      assert.equal(await sees(nobody, account.id), false);
      assert.equal((await create(person.client, 'accounts', { name: unique('own') })).owner.id, person.id); // the own role stays
      assert.deepEqual(expect(await admin.get(`/users/${person.id}`), 200).roles.map((r) => r.id), [await roleId(admin, 'seller')]);
      expect(await admin.patch(`/users/${person.id}`, { position: null }), 200);
      const history = expect(await admin.get(`/users/${person.id}/history`), 200).items[0];
      assert.deepEqual(history.changes.filter((c) => c.field === 'position').map((c) => [c.old.id, c.new]), [[job.id, null]]);
    },
  },
  {
    name: 'explanations say which position brought the role, in the language of who asks',
    async run(server) {
      const admin = by(server);
      const account = await create(admin, 'accounts', { name: unique('why') });
      const job = await position(admin, ['boss', 'seller']);
      const person = await makeUser(server, ['seller'], { position: job.id });
      const answer = await because(admin, account.id, person.id);
      assert.deepEqual(answer.because, [{ rule: 'role:boss all', positions: [{ id: job.id, title: job.name }], own: false }]);
      const english = await makeUser(server, ['administrator'], { language: 'en' });
      assert.equal((await because(english.client, account.id, person.id)).because[0].positions[0].title, 'Area manager');
      const own = await create(person.client, 'accounts', { name: unique('mine') });
      const seller = (await because(admin, own.id, person.id)).because.find((r) => r.rule === 'role:seller own');
      assert.deepEqual(seller, { rule: 'role:seller own', positions: [{ id: job.id, title: job.name }], own: true });
      expect(await admin.patch(`/positions/${job.id}`, { roles: [await roleId(admin, 'seller')] }), 200);
      const not = await because(admin, account.id, person.id);
      assert.deepEqual(not.because_not.map((r) => [r.rule, r.positions?.length]), [['role:seller own', 1]]);
      const preview = expect(await admin.post('/meta/access/boss/preview', { objects: { account: { read: 'none' } } }), 200);
      const one = await makeUser(server, [], { position: (await position(admin, ['boss'])).id });
      const more = expect(await admin.post('/meta/access/boss/preview', { objects: { account: { read: 'none' } } }), 200);
      assert.equal(more.people, preview.people + 1, one.id); // by position, counted too
    },
  },
  {
    name: 'who may not give roles gives no position, not even with a form that names none of it',
    async run(server) {
      const admin = by(server);
      const boss = await position(admin, ['administrator']);
      const seller = await makeUser(server, ['seller']);
      const refused = async (client, path, body) => assert.ok([403, 404, 422].includes((await client.patch(path, body)).status), path);
      await refused(seller.client, `/users/${seller.id}`, { position: boss.id });
      await refused(seller.client, `/users/${seller.id}`, { other_positions: [boss.id] });
      const clerk = expect(await admin.get('/meta/access/employee'), 200);
      const open = { objects: { user: { read: 'all', update: 'all', fields: { roles: 'read' } }, position: { read: 'all', create: true, update: 'all' } } };
      expect(await admin.put('/meta/access/employee', { ...clerk, objects: { ...clerk.objects, ...open.objects } }), 200);
      try {
        const person = await makeUser(server, ['employee']);
        const held = await position(admin, [], {});
        expect(await admin.patch(`/users/${person.id}`, { position: held.id }), 200);
        for (const [path, body] of [
          [`/users/${person.id}`, { position: boss.id }], [`/users/${person.id}`, { other_positions: [boss.id] }],
          [`/positions/${held.id}`, { roles: [await roleId(admin, 'administrator')] }], [`/positions/${held.id}`, { is_active: false }]]) await refused(person.client, path, body);
        expect(await person.client.patch(`/positions/${held.id}`, { description: 'words only' }), 200); // what brings nothing is theirs to write
        expect(await person.client.patch(`/users/${person.id}`, { job_title: 'clerk' }), 200);
      } finally {
        expect(await admin.put('/meta/access/employee', clerk), 200);
      }
    },
  },
  {
    name: 'held by nobody before it goes; a leaver\'s positions are given on when asked, and taken back',
    async run(server) {
      const admin = by(server);
      const [main, besides, kept] = [await position(admin, ['boss']), await position(admin, ['seller']), await position(admin, ['seller'])];
      const leaver = await makeUser(server, ['seller'], { position: main.id, other_positions: [besides.id] });
      const heir = await makeUser(server, ['seller'], { position: kept.id });
      expectProblem(await admin.delete(`/positions/${main.id}`), 409, 'conflict');
      assert.equal(expect(await admin.get(`/positions/${main.id}`), 200).holder_count, 1);
      const told = expect(await admin.post(`/users/${leaver.id}/hand-over`, { to: heir.id, dry_run: true }), 200);
      const part = told.parts.find((p) => p.part === 'position');
      assert.deepEqual([part.count, part.way], [2, 'leave']); // roles are not handed on silently
      assert.deepEqual(part.samples.map((s) => s.id).sort(), [main.id, besides.id].sort());
      const held = async (id) => { const u = expect(await admin.get(`/users/${id}`), 200); return [u.position?.id ?? null, u.other_positions.map((p) => p.id).sort()]; };
      const run = async (body) => { const job = await waitForJob(admin, await admin.post(`/users/${leaver.id}/hand-over`, body)); assert.equal(job.status, 'done', JSON.stringify(job)); return job; };
      await run({ to: heir.id });
      assert.deepEqual(await held(leaver.id), [main.id, [besides.id]]);
      const job = await run({ to: heir.id, parts: { position: { to: heir.id } } });
      assert.equal(job.result.parts.find((p) => p.part === 'position').moved, 2, JSON.stringify(job.result));
      assert.deepEqual(await held(leaver.id), [null, []]);
      assert.deepEqual(await held(heir.id), [kept.id, [main.id, besides.id].sort()]);
      const account = await create(admin, 'accounts', { name: unique('given') });
      assert.equal(await sees(heir, account.id), true);
      await waitForJob(admin, await admin.post(`/batches/${job.batch}/undo`));
      assert.deepEqual([await held(leaver.id), await held(heir.id)], [[main.id, [besides.id]], [kept.id, []]]);
      assert.equal(await sees(heir, account.id), false);
      const free = await makeUser(server, ['seller']);
      await run({ to: free.id, parts: { position: { leave: false } } });
      assert.deepEqual(await held(free.id), [main.id, [besides.id]]); // the first becomes the main one of who has none
    },
  },
];
