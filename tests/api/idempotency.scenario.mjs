// SPDX-License-Identifier: Apache-2.0
// Idempotency-Key: repeated requests do their work once.
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const q = encodeURIComponent;
const named = async (admin, name) => expect(await admin.get(`/accounts?filter=${q(`name = "${name}"`)}`), 200).items;

export const tests = [
  {
    name: 'the same request twice is done once and answered alike',
    async run(server) {
      const admin = by(server);
      const name = unique('once');
      const key = { 'Idempotency-Key': unique('key') };
      const first = await admin.post('/accounts', { name }, key);
      const second = await admin.post('/accounts', { name }, key);
      expect(first, 201);
      expect(second, 201);
      assert.deepEqual(second.body, first.body);
      assert.equal(second.headers.location, first.headers.location);
      assert.equal(second.headers.etag, first.headers.etag);
      assert.equal((await named(admin, name)).length, 1);
      expectProblem(await admin.post('/accounts', { name: unique('other') }, key), 422, 'idempotency_mismatch');
      expectProblem(await admin.post('/contacts', { name }, key), 422, 'idempotency_mismatch');
    },
  },
  {
    name: 'a key belongs to its user; failures are not kept',
    async run(server) {
      const admin = by(server);
      const other = await makeUser(server, ['sales_ops']);
      const key = { 'Idempotency-Key': unique('key') };
      const mine = expect(await admin.post('/accounts', { name: unique('mine') }, key), 201);
      const theirs = expect(await other.client.post('/accounts', { name: unique('theirs') }, key), 201);
      assert.notEqual(mine.id, theirs.id);
      const retry = { 'Idempotency-Key': unique('key') };
      expectProblem(await admin.post('/accounts', {}, retry), 422, 'validation');
      expect(await admin.post('/accounts', { name: unique('now') }, retry), 201);
    },
  },
  {
    name: 'PATCH and DELETE are repeated safely',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('again') });
      const patch = { 'Idempotency-Key': unique('key'), 'If-Match': '"1"' };
      const one = expect(await admin.patch(`/accounts/${a.id}`, { description: 'x' }, patch), 200);
      const two = expect(await admin.patch(`/accounts/${a.id}`, { description: 'x' }, patch), 200);
      assert.deepEqual(two, one);
      const remove = { 'Idempotency-Key': unique('key') };
      expect(await admin.delete(`/accounts/${a.id}`, remove), 204);
      expect(await admin.delete(`/accounts/${a.id}`, remove), 204);
    },
  },
  {
    name: 'of many at once one does the work',
    async run(server) {
      const admin = by(server);
      const name = unique('race');
      const key = { 'Idempotency-Key': unique('key') };
      const answers = await Promise.all(Array.from({ length: 20 }, () => admin.post('/accounts', { name }, key)));
      for (const answer of answers) {
        if (answer.status === 409) assert.ok(answer.headers['retry-after']);
        else expect(answer, 201);
      }
      assert.equal((await named(admin, name)).length, 1);
      const ids = new Set(answers.filter((answer) => answer.status === 201).map((answer) => answer.body.id));
      assert.equal(ids.size, 1);
    },
  },
];
