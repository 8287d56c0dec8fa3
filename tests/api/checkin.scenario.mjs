// SPDX-License-Identifier: Apache-2.0
// Check-in and check-out of a visit: the server's time, the device's place or none, how far from the customer; taken back as one.
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const verb = (client, visit, name, body = {}) => client.post(`/visits/${visit.id}/${name}`, body);
const read = async (client, id) => expect(await client.get(`/visits/${id}`), 200);

export const tests = [
  {
    name: 'a visit is checked in where and when, once, and checked out with what came of it',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const account = await create(client, 'accounts', { name: unique('客户'), geo: { lat: 31.2304, lng: 120.6 } });
      const visit = await create(client, 'visits', { purpose: 'negotiate', account: account.id, planned_at: new Date().toISOString() });
      const before = Date.now();
      const done = expect(await verb(client, visit, 'check_in', { place: { lat: 31.2304, lng: 120.601 }, checkin_address: '正门' }), 200);
      assert.deepEqual([done.status, done.checkin_place, done.checkin_address], ['checked_in', { lat: 31.2304, lng: 120.601 }, '正门']);
      assert.ok(Math.abs(Date.parse(done.checkin_at) - before) < 60_000, done.checkin_at);
      assert.equal(done.checkin_distance_m, 95, 'a thousandth of a degree at that latitude');
      expectProblem(await verb(client, visit, 'check_in'), 409, 'conflict');
      const out = expect(await verb(client, visit, 'check_out', { result: '同意试用' }), 200);
      assert.deepEqual([out.status, out.result, out.checkout_place], ['done', '同意试用', null]);
      const written = expect(await client.get(`/followups?filter=${encodeURIComponent(`about = "${account.id}" or account = "${account.id}"`)}`), 200).items;
      assert.equal(written.length, 1, 'the result is a follow-up');
      assert.equal(written[0].method, 'visit');
    },
  },
  {
    name: 'without a place it is empty, and so is the distance; a place that is none is refused; undo takes all of it back',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const account = await create(client, 'accounts', { name: unique('客户') });
      const visit = await create(client, 'visits', { purpose: 'other', account: account.id, planned_at: new Date().toISOString() });
      expectProblem(await verb(client, visit, 'check_in', { place: { lat: 131, lng: 1 } }), 422, 'validation');
      const answer = await verb(client, visit, 'check_in');
      assert.deepEqual([expect(answer, 200).checkin_place, answer.body.checkin_distance_m], [null, null]);
      expectProblem(await client.patch(`/visits/${visit.id}`, { checkin_at: '2020-01-01T00:00:00Z' }), 422, 'validation');
      const batch = answer.headers['guanxi-batch'] ?? answer.headers.get?.('Guanxi-Batch');
      expect(await client.post(`/batches/${batch}/undo`, {}), 202);
      for (let i = 0; i < 100 && (await read(client, visit.id)).status !== 'planned'; i++) await new Promise((r) => setTimeout(r, 100));
      assert.deepEqual([(await read(client, visit.id)).status, (await read(client, visit.id)).checkin_at], ['planned', null]);
      const { client: stranger } = await makeUser(server, ['seller']);
      expectProblem(await verb(stranger, visit, 'check_in'), 404, 'not_found');
    },
  },
];
