// SPDX-License-Identifier: Apache-2.0
// Sign-in and out, CSRF, API keys, what unauthenticated requests get.
import { PASSWORD } from '../lib/server.mjs';
import { api, assert, by, expect, expectProblem, makeUser, unique } from './lib.mjs';

const nobody = (server) => by(server, null);
const signIn = (server, login = 'admin', password = PASSWORD) => nobody(server).post('/session', { login, password });
const cookieOf = (answer) => answer.headers['set-cookie'][0].split(';')[0];

export const tests = [
  {
    name: 'a session works by cookie, with the CSRF token for unsafe methods',
    async run(server) {
      const answer = await signIn(server);
      const { user, csrf_token: csrf } = expect(answer, 201);
      assert.equal(user.login, 'admin');
      assert.match(answer.headers['set-cookie'][0], /HttpOnly/);
      assert.match(answer.headers['set-cookie'][0], /SameSite=Lax/);
      const Cookie = cookieOf(answer);
      const me = expect(await nobody(server).get('/me', { Cookie }), 200);
      assert.equal(me.csrf_token, csrf);
      assert.equal(me.user.id, user.id);
      assert.equal(me.rights.objects.account.read, 'all');
      expectProblem(await nobody(server).post('/accounts', { name: 'x' }, { Cookie }), 403, 'forbidden');
      expectProblem(await nobody(server).post('/accounts', { name: 'x' }, { Cookie, 'X-CSRF-Token': 'wrong' }), 403, 'forbidden');
      expect(await nobody(server).post('/accounts', { name: unique('a') }, { Cookie, 'X-CSRF-Token': csrf }), 201);
      expect(await nobody(server).delete('/session', { Cookie, 'X-CSRF-Token': csrf }), 204);
      expectProblem(await nobody(server).get('/me', { Cookie }), 401, 'unauthenticated');
    },
  },
  {
    name: 'unknown user and wrong password look the same, and both lock',
    async run(server) {
      const user = await makeUser(server, ['seller']);
      const answers = [];
      for (const login of [user.login, unique('ghost')]) {
        const first = expectProblem(await signIn(server, login, 'wrong-password'), 401, 'bad_credentials');
        answers.push({ ...first, request_id: '' });
        let last = null;
        for (let i = 0; i < 20 && last?.status !== 429; i++) last = await signIn(server, login, 'wrong-password');
        expectProblem(last, 429, 'locked');
        assert.ok(Number(last.headers['retry-after']) > 0);
      }
      assert.deepEqual(answers[0], answers[1]);
    },
  },
  {
    name: 'an API key is shown once, listed without itself, and can be revoked',
    async run(server) {
      const name = unique('key');
      const made = expect(await by(server).post('/api-keys', { name }), 201);
      assert.match(made.key, /^gx_/);
      expect(await by(server, made.key).get('/me'), 200);
      const list = expect(await by(server).get('/api-keys'), 200);
      const row = list.items.find((item) => item.id === made.id);
      assert.equal(row.name, name);
      assert.ok(!JSON.stringify(list).includes(made.key));
      expect(await by(server).delete(`/api-keys/${made.id}`), 204);
      expectProblem(await by(server, made.key).get('/me'), 401, 'unauthenticated');
      expectProblem(await by(server).post('/api-keys', { name, colour: 1 }), 422, 'validation');
    },
  },
  {
    name: 'a deactivated user is out at once',
    async run(server) {
      const user = await makeUser(server, ['seller']);
      expect(await user.client.get('/me'), 200);
      expect(await by(server).patch(`/users/${user.id}`, { status: 'suspended' }), 200);
      expectProblem(await user.client.get('/me'), 401, 'unauthenticated');
    },
  },
  {
    name: 'passwords are set by the administrator and changed by their owner; sessions end',
    async run(server) {
      const user = await makeUser(server, ['seller']);
      const set = (password) => by(server).post(`/users/${user.id}/password`, { password });
      expectProblem(await set('short'), 422, 'validation');
      expectProblem(await set(user.login), 422, 'validation');
      expect(await set('first-Passw0rd'), 204);
      const first = await signIn(server, user.login, 'first-Passw0rd');
      const { csrf_token: csrf } = expect(first, 201);
      const mine = { Cookie: cookieOf(first), 'X-CSRF-Token': csrf };
      const change = (current, password) => nobody(server).post('/me/password', { current, password }, mine);
      expectProblem(await change('wrong-password', 'second-Passw0rd'), 401, 'bad_credentials');
      expect(await change('first-Passw0rd', 'second-Passw0rd'), 204);
      expectProblem(await nobody(server).get('/me', mine), 401, 'unauthenticated');
      expectProblem(await signIn(server, user.login, 'first-Passw0rd'), 401, 'bad_credentials');
      expect(await signIn(server, user.login, 'second-Passw0rd'), 201);
      expectProblem(await user.client.post(`/users/${user.id}/password`, { password: 'third-Passw0rd' }), 403, 'forbidden');
    },
  },
  {
    name: 'strangers get 401, and only what is public',
    async run(server) {
      const stranger = nobody(server);
      for (const path of ['/me', '/meta', '/accounts', '/events', '/openapi.json', '/jobs/1']) {
        expectProblem(await stranger.get(path), 401, 'unauthenticated');
      }
      expectProblem(await by(server, 'gx_nonsense').get('/me'), 401, 'unauthenticated');
      expectProblem(await stranger.get('/me', { Cookie: 'gx_session=nonsense' }), 401, 'unauthenticated');
      expectProblem(await stranger.post('/session', { login: 'admin' }), 422, 'validation');
      for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal((await server.request('GET', path)).status, 200);
    },
  },
  {
    name: 'problems speak the language that is asked for',
    async run(server) {
      const titles = [];
      for (const language of ['zh-CN', 'en']) {
        const answer = await by(server).get('/accounts/1', { 'Accept-Language': language });
        titles.push(expectProblem(answer, 404, 'not_found').title);
      }
      assert.match(titles[0], /[\u4e00-\u9fff]/);
      assert.match(titles[1], /^[\x20-\x7e]+$/);
      assert.equal((await server.request('GET', `${api}/me`)).headers['cache-control'], 'private, no-store');
    },
  },
];
