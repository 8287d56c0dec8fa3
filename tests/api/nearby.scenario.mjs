// SPDX-License-Identifier: Apache-2.0
// Customers around a place: exact distances in order, filters, rights, bounds, the date line.
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const EARTH = 6371008.8;
const rad = (d) => (d * Math.PI) / 180;
const metres = (a, b) => {
  const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lng - a.lng) / 2) ** 2;
  return Math.round(2 * EARTH * Math.asin(Math.sqrt(h)));
};
const near = (client, query) => client.get(`/accounts/nearby?${new URLSearchParams(query)}`);
const ids = (answer) => expect(answer, 200).items.map((x) => x.record.id);

export const tests = [
  {
    name: 'the nearest first, each with its exact distance; only within the circle; filters hold',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const at = { lat: 29.1234567, lng: 111.7654321 };
      const spots = Array.from({ length: 40 }, (_, i) => ({ lat: at.lat + ((i * 37) % 41 - 20) / 300, lng: at.lng + ((i * 53) % 43 - 21) / 300 }));
      const made = [];
      for (const [i, geo] of spots.entries()) made.push(await create(client, 'accounts', { name: unique('附近'), geo, level: i % 2 ? 'key' : 'normal' }));
      await create(client, 'accounts', { name: unique('无位置') });
      const wanted = (km, which = () => true) => made.filter((a, i) => which(a, i) && metres(at, a.geo) <= km * 1000).sort((a, b) => metres(at, a.geo) - metres(at, b.geo)).map((a) => a.id);
      for (const km of ['1', '3', '5', '10', '20', '50']) {
        const answer = expect(await near(client, { ...at, km }), 200);
        assert.deepEqual([answer.km, answer.complete], [Number(km), true]);
        assert.deepEqual(answer.items.map((x) => x.record.id), wanted(Number(km)), `${km} km`);
        for (const x of answer.items) assert.ok(Math.abs(x.distance_m - metres(at, x.record.geo)) <= 1, `${x.distance_m}`);
      }
      assert.ok(wanted(3).length > 0 && wanted(3).length < 40, 'a circle that leaves some out');
      assert.deepEqual(ids(await near(client, { ...at, km: '20', filter: 'level = "key"' })), wanted(20, (_, i) => i % 2 === 1));
      assert.deepEqual(Object.keys(expect(await near(client, { ...at, km: '20', fields: 'name' }), 200).items[0].record).includes('level'), false);
      const of = expect(await near(client, { of: made[0].id, km: '50' }), 200);
      assert.deepEqual(of.at, made[0].geo);
      assert.ok(!of.items.some((x) => x.record.id === made[0].id), 'not itself');
      assert.equal(of.items.length, 39);
    },
  },
  {
    name: 'what one may not read is not near; what is wrong is named; over the date line it is a step',
    async run(server) {
      const admin = by(server);
      const { client } = await makeUser(server, ['seller']);
      const { client: other } = await makeUser(server, ['seller']);
      const west = await create(client, 'accounts', { name: unique('西'), geo: { lat: -16.5, lng: 179.99 } });
      const east = await create(client, 'accounts', { name: unique('东'), geo: { lat: -16.5, lng: -179.99 } });
      const pole = await create(client, 'accounts', { name: unique('极'), geo: { lat: 89.999, lng: 10 } });
      assert.deepEqual(ids(await near(client, { of: west.id, km: '5' })), [east.id]);
      assert.deepEqual(ids(await near(client, { of: east.id, km: '5' })), [west.id]);
      assert.deepEqual(ids(await near(client, { lat: '89.999', lng: '-170', km: '5' })), [pole.id]);
      assert.deepEqual(ids(await near(other, { lat: '-16.5', lng: '179.99', km: '5' })), []);
      expectProblem(await near(other, { of: west.id }), 404, 'not_found');
      for (const wrong of [{ km: '5' }, { lat: '91', lng: '1' }, { lat: 'x', lng: '1' }, { lat: '1', lng: '1', km: '0' }, { lat: '1', lng: '1', km: '101' }, { of: 'abc' }, { lat: '1', lng: '1', filter: 'nonsense = 1' }]) assert.equal(Math.floor((await near(client, wrong)).status / 100), 4, JSON.stringify(wrong));
      const nowhere = await create(client, 'accounts', { name: unique('哪里') });
      expectProblem(await near(client, { of: nowhere.id }), 409, 'conflict');
      assert.equal((await admin.get('/contacts/nearby?lat=1&lng=1')).status, 404);
    },
  },
  {
    name: 'a place has an index of its own, which a box is found in; it is never unique',
    async run(server) {
      const admin = by(server);
      const indexes = expect(await admin.get('/meta/objects/account/indexes'), 200).items;
      assert.ok(indexes.some((x) => x.fields.join() === 'geo' && x.state === 'ready'), JSON.stringify(indexes));
      const object = unique('spot').replace('-', '_');
      expect(await admin.post('/meta/objects', { object, plural: `${object}s`, fields: [{ name: 'name', type: 'text' }, { name: 'at', type: 'geo' }], indexes: [['at']] }), 201);
      expectProblem(await admin.patch(`/meta/objects/${object}`, { unique: [['at']] }), 422, 'validation');
      const near = await create(admin, `${object}s`, { name: 'here', at: { lat: 1, lng: 2 } });
      await create(admin, `${object}s`, { name: 'far', at: { lat: 1.5, lng: 2 } });
      const answer = expect(await admin.get(`/${object}s/nearby?lat=1.001&lng=2&km=1`), 200);
      assert.deepEqual(answer.items.map((x) => [x.record.id, x.distance_m]), [[near.id, 111]]);
    },
  },
];
