// SPDX-License-Identifier: Apache-2.0
// Messages to closed browsers: sealed for the one browser, with the rights of the moment; services that fail, forget
// and refuse; addresses that the server may not reach.
import { existsSync } from 'node:fs';
import { PushService, readToken } from '../lib/push-service.mjs';
import { Server } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

async function until(what, probe) {
  for (let i = 0; i < 200; i++) {
    const found = await probe();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`never: ${what}`);
}
const state = async (client) => expect(await client.get('/me/push'), 200);
const add = async (client, browser, label = 'Chromium') => expect(await client.post('/me/push', { ...browser.subscription, label }), 201).id;
const device = async (client, id) => (await state(client)).devices.find((d) => d.id === id);

// The clock of a server that is started two minutes later.
const FAKETIME = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketimeMT.so.1`).find(existsSync);
const LATER = { LD_PRELOAD: FAKETIME, FAKETIME: '+120s', DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };

/** A server that may reach its own machine, and a push service there. */
async function withService(run) {
  const service = await PushService.start();
  const server = await Server.create({ env: { GUANXI_OUTGOING_ALLOW: '127.0.0.1', GUANXI_PUBLIC_URL: 'https://crm.example' } });
  try {
    await run(server, service);
  } finally {
    await server.remove();
    await service.stop();
  }
}

export const tests = [
  {
    name: 'a message reaches the browser of its person, sealed and signed; nobody else, and not what he may not read',
    run: () => withService(async (server, service) => {
      const admin = by(server);
      const a = await makeUser(server, ['seller'], { language: 'zh-CN' });
      const b = await makeUser(server, ['seller']);
      const [mine, other] = [service.browser('a'), service.browser('b')];
      await add(a.client, mine);
      await add(b.client, other);
      const account = await create(admin, 'accounts', { name: unique('推送'), owner: a.id });
      const [one] = await until('the push', () => mine.got().length && mine.got());
      const seen = mine.read(one);
      assert.deepEqual([seen.title, seen.url], [account.name, `/accounts/${account.id}`]);
      assert.match(seen.body, /交给你这条客户/);
      assert.deepEqual([one.method, one.headers['content-encoding'], one.headers.ttl], ['POST', 'aes128gcm', '86400']);
      assert.ok(!one.body.includes(account.name));
      const token = readToken(one.headers.authorization);
      assert.deepEqual([token.key, token.aud, token.sub], [(await state(a.client)).key, service.origin, 'https://crm.example']);
      assert.ok(token.exp * 1000 > Date.now() && token.exp * 1000 < Date.now() + 24 * 3600e3);
      assert.throws(() => other.read(one));
      // Kinds that one does not want on the desktop stay in the product: a share is none of the usual ones.
      const own = await create(admin, 'accounts', { name: unique('共享'), owner: a.id });
      await until('the second', () => mine.got().length === 2);
      expect(await admin.post(`/accounts/${own.id}/share`, { with: [{ user: b.id }], level: 'read' }), 204);
      await create(admin, 'accounts', { name: unique('末'), owner: b.id });
      await until('for b', () => other.got().length);
      assert.equal(other.got().length, 1);
      assert.match(other.read(other.got()[0]).title, /^末/);
      const { devices: [told] } = await state(a.client);
      assert.ok(told.last_at && told.problem === null && !('endpoint' in told));
    }),
  },
  {
    name: 'a failing service is asked again after a while, a kill loses nothing; what may be read no more by then is not sent',
    run: () => withService(async (server, service) => {
      const admin = by(server);
      const a = await makeUser(server, ['seller']);
      const browser = service.browser('again');
      const id = await add(a.client, browser);
      service.answer = () => 503;
      const lost = await create(admin, 'accounts', { name: unique('先'), owner: a.id });
      await until('refused once', async () => (await device(a.client, id)).problem === 'status_503');
      const kept = await create(admin, 'accounts', { name: unique('后'), owner: a.id });
      await until('refused twice', () => browser.got().length === 2);
      expect(await admin.patch(`/accounts/${lost.id}`, { owner: (await makeUser(server, ['seller'])).id }), 200);
      server.kill();
      service.answer = () => 201;
      await server.start(LATER); // beyond the pause
      const seen = await until('again', () => browser.got().length === 3 && browser.read(browser.got()[2]));
      assert.equal(seen.title, kept.name);
      expect(await a.client.post(`/me/push/${id}/test`), 202);
      const trial = await until('the trial', () => browser.got().length === 4 && browser.read(browser.got()[3]));
      assert.deepEqual([trial.id, trial.url], ['0', '/']);
      await until('its note', async () => (await device(a.client, id)).problem === null);
    }),
  },
  {
    name: 'a browser that its service has forgotten is forgotten; one that is refused says why; redirects are not followed',
    run: () => withService(async (server, service) => {
      const admin = by(server);
      const a = await makeUser(server, ['seller']);
      const gone = service.browser('gone'), refused = service.browser('refused'), led = service.browser('led');
      const ids = [await add(a.client, gone), await add(a.client, refused), await add(a.client, led)];
      service.answer = ({ path }) => ({ '/push/gone': 410, '/push/refused': 403, '/push/led': 307 })[path] ?? 500;
      await create(admin, 'accounts', { name: unique('三'), owner: a.id });
      await until('all three', async () => {
        const all = await state(a.client);
        const problem = (id) => all.devices.find((d) => d.id === id)?.problem;
        return problem(ids[0]) === undefined && problem(ids[1]) === 'status_403' && problem(ids[2]) === 'status_307';
      });
      assert.ok(!service.got.some((one) => one.path === '/elsewhere'));
    }),
  },
  {
    name: 'a server without leave reaches no machine of its own network',
    async run(server) {
      const service = await PushService.start();
      const a = await makeUser(server, ['seller']);
      const { port } = new URL(service.origin);
      const ids = [];
      for (const host of ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '2130706433']) {
        const { subscription } = service.browser(`x${ids.length}`);
        ids.push(expect(await a.client.post('/me/push', { ...subscription, endpoint: `http://${host}:${port}/${ids.length}` }), 201).id);
      }
      for (const id of ids) {
        expect(await a.client.post(`/me/push/${id}/test`), 202);
        await until(`refused ${id}`, async () => (await device(a.client, id)).problem === 'refused_here');
      }
      assert.equal(service.got.length, 0);
      await service.stop();
    },
  },
  {
    name: 'bad addresses and keys are refused by name; nobody touches the browsers of others; a browser that changes hands is the new one\'s alone',
    async run(server) {
      const a = await makeUser(server, ['seller']);
      const b = await makeUser(server, ['seller']);
      const service = await PushService.start();
      const { subscription } = service.browser('mine');
      await service.stop();
      const bad = (more, field) => async () => {
        const answer = await a.client.post('/me/push', { ...subscription, ...more });
        assert.ok(fieldError(expectProblem(answer, 422, 'validation'), field), `${field}: ${answer.text}`);
      };
      const { keys } = subscription;
      for (const probe of [
        bad({ endpoint: '' }, 'endpoint'), bad({ endpoint: 'file:///etc/passwd' }, 'endpoint'), bad({ endpoint: 'https://u:p@a/' }, 'endpoint'),
        bad({ endpoint: `https://a/${'x'.repeat(2100)}` }, 'endpoint'), bad({ endpoint: 7 }, 'endpoint'), bad({ keys: {} }, 'keys.p256dh'), bad({ keys: { ...keys, auth: 'AAAA' } }, 'keys.auth'),
        bad({ keys: { ...keys, p256dh: `BAAA${keys.p256dh.slice(4)}` } }, 'keys.p256dh'), bad({ keys: 'x' }, 'keys.auth'), bad({ label: '长'.repeat(101) }, 'label'),
      ]) await probe();
      const id = expect(await a.client.post('/me/push', subscription), 201).id;
      assert.equal(expect(await a.client.post('/me/push', subscription), 201).id, id);
      expectProblem(await b.client.delete(`/me/push/${id}`), 404, 'not_found');
      expectProblem(await b.client.post(`/me/push/${id}/test`), 404, 'not_found');
      assert.equal(expect(await b.client.post('/me/push', subscription), 201).id, id);
      assert.deepEqual((await state(a.client)).devices, []);
      expect(await b.client.delete(`/me/push/${id}`), 204);
      for (let i = 0; i < 20; i++) expect(await a.client.post('/me/push', { ...subscription, endpoint: `https://push.invalid/${i}` }), 201);
      expectProblem(await a.client.post('/me/push', { ...subscription, endpoint: 'https://push.invalid/more' }), 409, 'conflict');
    },
  },
];
