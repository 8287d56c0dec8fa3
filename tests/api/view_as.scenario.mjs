// SPDX-License-Identifier: Apache-2.0
// Seeing as somebody else: every door answers as to that person, nothing can be changed, both ends are noted.
import { PASSWORD } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const cookieOf = (answer) => answer.headers['set-cookie'][0].split(';')[0];

// A client of a signed-in person: cookie and token follow what sessions answer.
async function signIn(server, login, password = PASSWORD) {
  const nobody = by(server, null);
  const state = {};
  const take = (answer) => {
    if (answer.headers['set-cookie']) state.Cookie = cookieOf(answer);
    if (answer.body?.csrf_token) state['X-CSRF-Token'] = answer.body.csrf_token;
    return answer;
  };
  take(await nobody.post('/session', { login, password }));
  return {
    state,
    get: (path) => nobody.get(path, { ...state }),
    post: async (path, body) => take(await nobody.post(path, body, { ...state })),
    patch: (path, body) => nobody.patch(path, body, { ...state }),
    delete: async (path) => take(await nobody.delete(path, { ...state })),
  };
}

async function withPassword(server, roles, more) {
  const user = await makeUser(server, roles, more);
  const password = unique('secret-word');
  expect(await by(server).post(`/users/${user.id}/password`, { password }), 204);
  return { ...user, password };
}

async function scene(server) {
  const mark = unique('eyes');
  const seller = await makeUser(server, ['seller']);
  const other = await makeUser(server, ['seller']);
  const mine = await create(seller.client, 'accounts', { name: `${mark} mine` });
  const theirs = await create(other.client, 'accounts', { name: `${mark} theirs` });
  return { mark, seller, other, mine, theirs };
}

export const tests = [
  {
    name: 'an administrator sees what a seller sees, and no more, through every door',
    async run(server) {
      const { mark, seller, mine, theirs } = await scene(server);
      const admin = await signIn(server, 'admin');
      expect(await admin.get(`/accounts/${theirs.id}`), 200);
      const begun = expect(await admin.post('/session/view-as', { user: seller.id }), 201);
      assert.equal(begun.user.id, seller.id);
      const me = expect(await admin.get('/me'), 200);
      assert.equal(me.user.id, seller.id);
      assert.equal(me.viewed_by.title, begun.viewed_by.title);
      assert.deepEqual(me.rights, expect(await seller.client.get('/me'), 200).rights);
      const filter = encodeURIComponent(`name starts "${mark}"`);
      const doors = [`/accounts?filter=${filter}&count=exact`, `/accounts?q=${mark}`, `/search?q=${mark}&objects=account`, `/accounts/${mine.id}/history`, '/meta', `/accounts/${theirs.id}`, '/access-log'];
      for (const path of doors) {
        const seen = await admin.get(path);
        const real = await seller.client.get(path);
        assert.equal(seen.status, real.status, path);
        if (real.status === 200) assert.deepEqual(seen.body, real.body, path);
      }
      const sum = { measures: ['count'], filter: `name starts "${mark}"` };
      assert.equal(expect(await admin.post('/accounts/aggregate', sum), 200).total.count, 1);
    },
  },
  {
    name: 'nothing is changed meanwhile, an old page cannot write, both ends are noted',
    async run(server) {
      const { seller, mine } = await scene(server);
      const admin = await signIn(server, 'admin');
      const before = { ...admin.state };
      const own = expect(await admin.get('/me'), 200);
      assert.equal(own.viewed_by, null);
      expect(await admin.post('/session/view-as', { user: seller.id }), 201);
      expectProblem(await admin.patch(`/accounts/${mine.id}`, { short_name: 'x' }), 403, 'forbidden');
      expectProblem(await admin.post('/accounts', { name: 'x' }), 403, 'forbidden');
      expectProblem(await admin.post('/api-keys', { name: 'x' }), 403, 'forbidden');
      expectProblem(await admin.post('/accounts/export', { format: 'csv' }), 403, 'forbidden');
      expectProblem(await admin.post('/batch', { requests: [{ method: 'PATCH', path: `/accounts/${mine.id}`, body: { short_name: 'x' } }] }), 403, 'forbidden');
      assert.equal(expect(await seller.client.get(`/accounts/${mine.id}`), 200).short_name, null);
      // the page that was open before: its cookie ended, and with the new cookie its token is wrong
      assert.equal((await by(server, null).get('/me', { Cookie: before.Cookie })).status, 401);
      const stale = { Cookie: admin.state.Cookie, 'X-CSRF-Token': before['X-CSRF-Token'] };
      expectProblem(await by(server, null).delete('/session/view-as', stale), 403, 'forbidden');
      const back = expect(await admin.delete('/session/view-as'), 200);
      assert.equal(back.user.id, own.user.id);
      assert.equal(expect(await admin.get('/me'), 200).viewed_by, null);
      expect(await admin.patch(`/accounts/${mine.id}`, { short_name: 'y' }), 200);
      expectProblem(await admin.delete('/session/view-as'), 409, 'conflict');
      const log = expect(await admin.get('/access-log?limit=20'), 200).items.filter((item) => item.subject?.id === seller.id);
      assert.deepEqual(log.map((item) => item.kind), ['view_as_end', 'view_as']);
      assert.ok(log.every((item) => item.by.id === own.user.id));
    },
  },
  {
    name: 'signing out ends it; nobody is looked at who may not sign in, nor oneself',
    async run(server) {
      const { seller } = await scene(server);
      const admin = await signIn(server, 'admin');
      const me = expect(await admin.get('/me'), 200).user.id;
      expectProblem(await admin.post('/session/view-as', { user: me }), 422, 'validation');
      expectProblem(await admin.post('/session/view-as', { user: '424242' }), 422, 'validation');
      expectProblem(await admin.post('/session/view-as', {}), 422, 'validation');
      expectProblem(await by(server).post('/session/view-as', { user: seller.id }), 422, 'validation'); // a key
      expect(await admin.post('/session/view-as', { user: seller.id }), 201);
      expect(await by(server).patch(`/users/${seller.id}`, { status: 'left' }), 200);
      assert.equal((await admin.get('/me')).status, 401); // and one can still come back
      expect(await admin.delete('/session/view-as'), 200);
      expectProblem(await admin.post('/session/view-as', { user: seller.id }), 422, 'validation');
      expect(await admin.delete('/session'), 204);
      const log = expect(await by(server).get('/access-log?limit=20'), 200).items.filter((item) => item.subject?.id === seller.id);
      assert.deepEqual(log.map((item) => item.kind), ['view_as_end', 'view_as']);
    },
  },
  {
    name: 'who holds the right view_as without being administrator sees through nobody who sees more',
    async run(server) {
      const { seller } = await scene(server);
      const form = expect(await by(server).get('/meta/access/auditor'), 200);
      const blindForm = expect(await by(server).get('/meta/access/warehouse'), 200);
      const put = (system) => by(server).put('/meta/access/auditor', { objects: form.objects, system });
      const auditor = await withPassword(server, ['auditor']);
      const client = await signIn(server, auditor.login, auditor.password);
      expectProblem(await client.post('/session/view-as', { user: seller.id }), 403, 'forbidden');
      try {
        expect(await put([...(form.system ?? []), 'view_as']), 200);
        const boss = await makeUser(server, ['administrator']);
        expectProblem(await client.post('/session/view-as', { user: boss.id }), 403, 'forbidden');
        const answer = await client.post('/session/view-as', { user: seller.id });
        const objects = expect(await seller.client.get('/me'), 200).rights.objects;
        const mine = expect(await auditor.client.get('/me'), 200).rights.objects;
        const more = Object.keys(objects).some((name) => objects[name].read !== 'none' && mine[name]?.read !== 'all');
        assert.equal(answer.status, more ? 403 : 201, answer.text);
        const blind = await makeUser(server, ['warehouse']);
        expect(await by(server).put('/meta/access/warehouse', { objects: { account: { read: 'own' } } }), 200);
        expect(await client.post('/session/view-as', { user: blind.id }), 201);
        assert.equal(expect(await client.get('/me'), 200).user.id, blind.id);
        expect(await put(form.system ?? []), 200); // the right is taken while he looks
        assert.equal((await client.get('/me')).status, 403);
        expect(await client.delete('/session/view-as'), 200);
      } finally {
        await put(form.system ?? []);
        await by(server).put('/meta/access/warehouse', { objects: blindForm.objects });
      }
    },
  },
];
