// SPDX-License-Identifier: Apache-2.0
// A day's visits planned at once: the short order, times, tried before, one batch taken back; only customers one sees.
import { assert, by, create, expect, expectProblem, makeUser, unique, withRights } from './lib.mjs';

const plan = (client, body) => client.post('/visit_routes/plan', { on: '2031-03-04', purpose: 'care', ...body });
const spot = (client, north) => create(client, 'accounts', { name: unique('拜访'), ...(north === null ? {} : { geo: { lat: 28 + north, lng: 109 } }) });
const visitsOf = async (client, route) => expect(await client.get(`/visits?filter=${encodeURIComponent(`route = "${route}"`)}&sort=route_order`), 200).items;
async function until(check) {
  for (let i = 0; i < 150; i++) { if (await check()) return; await new Promise((r) => setTimeout(r, 100)); }
  assert.fail('it does not happen');
}

export const tests = [
  {
    name: 'customers along a road are visited from where one is to the end, in time; undo takes all of it back',
    async run(server) {
      const { client, id: me } = await makeUser(server, ['seller']);
      const [c, a, nowhere, d, b] = [await spot(client, 0.3), await spot(client, 0.1), await spot(client, null), await spot(client, 0.4), await spot(client, 0.2)];
      const body = { accounts: [c, a, nowhere, d, b].map((x) => x.id), from: { lat: 28, lng: 109 }, start: '08:30', minutes: 45, kmh: 60, name: '北线' };
      const tried = expect(await plan(client, { ...body, dry_run: true }), 200);
      assert.deepEqual(tried.stops.map((s) => s.account.id), [a, b, c, d, nowhere].map((x) => x.id));
      assert.deepEqual(tried.stops.map((s) => s.account.title), [a, b, c, d, nowhere].map((x) => x.name));
      assert.deepEqual(tried.stops.map((s) => [s.leg_m, s.placed]), [[11120, true], [11120, true], [11120, true], [11120, true], [0, false]]);
      assert.deepEqual([tried.route, tried.distance_m], [null, 44480]);
      const zone = expect(await client.get('/me'), 200).time_zone ?? 'Asia/Shanghai';
      const clock = (iso) => new Date(iso).toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
      assert.deepEqual(tried.stops.map((s) => clock(s.due)), ['08:30', '09:30', '10:30', '11:30', '12:15'], '45 minutes and 11.1 km at 60 km/h, in fives');
      assert.equal(expect(await client.get('/visit_routes'), 200).items.length, 0, 'tried only');
      const answer = await plan(client, body);
      const done = expect(answer, 200);
      assert.deepEqual(done.stops, tried.stops);
      const route = expect(await client.get(`/visit_routes/${done.route}`), 200);
      assert.deepEqual([route.name, route.on_date, route.distance_km, route.owner.id], ['北线', '2031-03-04', '44.48', me]);
      const visits = await visitsOf(client, done.route);
      assert.deepEqual(visits.map((v) => [v.account.id, v.planned_at, v.route_order, v.status, v.purpose, v.planned_duration]), done.stops.map((s, i) => [s.account.id, s.due, i + 1, 'planned', 'care', visits[0].planned_duration]));
      assert.match(String(visits[0].planned_duration), /45/);
      const batch = answer.headers['guanxi-batch'] ?? answer.headers.get?.('Guanxi-Batch');
      expect(await client.post(`/batches/${batch}/undo`, {}), 202);
      await until(async () => (await client.get(`/visit_routes/${done.route}`)).status === 410);
      assert.deepEqual(await visitsOf(client, done.route), []);
    },
  },
  {
    name: 'in the order given, or beginning wherever it is shortest; what is wrong is named and nothing is written',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const { client: other } = await makeUser(server, ['seller']);
      const [b, a, c] = [await spot(client, 0.2), await spot(client, 0.1), await spot(client, 0.3)];
      const accounts = [b.id, a.id, c.id];
      const order = async (more) => expect(await plan(client, { accounts, dry_run: true, ...more }), 200).stops.map((s) => s.account.id);
      assert.deepEqual(await order({ order: 'given' }), accounts);
      const short = await order({ order: 'short' });
      assert.deepEqual(short[0] === a.id ? short : short.reverse(), [a.id, b.id, c.id]);
      const wrong = async (body, field) => assert.deepEqual(expectProblem(await plan(client, { accounts, ...body }), 422, 'validation').errors.map((e) => e.field), [field]);
      await wrong({ on: '2031-02-30' }, 'on');
      await wrong({ start: '25:00' }, 'start');
      await wrong({ minutes: 4 }, 'minutes');
      await wrong({ kmh: 0 }, 'kmh');
      await wrong({ from: { lat: 91, lng: 0 } }, 'from');
      await wrong({ order: 'best' }, 'order');
      await wrong({ accounts: [] }, 'accounts');
      await wrong({ accounts: Array.from({ length: 51 }, () => a.id) }, 'accounts');
      await wrong({ accounts: [a.id, a.id] }, 'accounts[1]');
      await wrong({ start: '23:00', minutes: 60 }, 'accounts');
      await wrong({ purpose: 'nonsense' }, 'purpose');
      await wrong({ nonsense: 1 }, 'nonsense');
      const hidden = expectProblem(await plan(other, { accounts: [a.id], dry_run: true }), 422, 'validation');
      assert.deepEqual(hidden.errors.map((e) => e.field), ['accounts[0]']);
      const never = expectProblem(await plan(client, { accounts: ['424242'], dry_run: true }), 422, 'validation');
      assert.equal(hidden.errors[0].message, never.errors[0].message, 'hidden and never there are told alike');
      assert.equal(expect(await client.get('/visit_routes'), 200).items.length, 0);
      const { client: auditor } = await makeUser(server, ['auditor']);
      assert.equal((await plan(auditor, { accounts, dry_run: true })).status, 403, 'who may not make visits');
    },
  },
  {
    name: 'who may not read where customers are gets no distances, and the order tells nothing',
    async run(server) {
      const admin = by(server);
      const blind = await withRights(server, [], { account: { read: 'all', fields: { geo: 'hidden' } }, visit: { read: 'own', create: true }, visit_route: { read: 'own', create: true } });
      const accounts = [(await spot(admin, 0.3)).id, (await spot(admin, 0.1)).id, (await spot(admin, 0.2)).id];
      const told = expect(await plan(blind.client, { accounts, dry_run: true }), 200);
      assert.deepEqual([told.stops.map((s) => s.account.id), told.stops.map((s) => s.leg_m), told.distance_m], [accounts, [0, 0, 0], 0]);
      assert.equal((await blind.client.get(`/accounts/nearby?of=${accounts[0]}`)).status, 404);
    },
  },
];
