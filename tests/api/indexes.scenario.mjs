// SPDX-License-Identifier: Apache-2.0
// Indexes and unique rules over data that is there: built apart when the table is large; duplicates are named.
import { assert, by, expect, expectProblem, unique, waitForJob } from './lib.mjs';

const word = (s) => unique(s).replace('-', '_');
const ROWS = 10050; // above what is indexed with the change itself

async function fill(admin, plural, n, body) {
  for (let i = 0; i < n; i += 100) {
    const requests = Array.from({ length: Math.min(100, n - i) }, (_, k) => ({ method: 'POST', path: `/${plural}`, body: body(i + k) }));
    expect(await admin.post('/batch', { requests }), 200);
  }
}

const states = async (admin, path) => Object.fromEntries(expect(await admin.get(`${path}/indexes`), 200).items.map((x) => [x.fields.join(), x]));

async function until(check, ms = 20000) {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const value = await check();
    if (value) return value;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  return assert.fail('it does not happen');
}

export const tests = [
  {
    name: 'on a large table an index is pending, then ready; a broken unique rule names its records',
    async run(server) {
      const admin = by(server);
      const object = word('big');
      const plural = `${object}s`;
      const path = `/meta/objects/${object}`;
      expect(await admin.post('/meta/objects', { object, plural, fields: [{ name: 'name', type: 'text' }, { name: 'size', type: 'integer' }, { name: 'twice', type: 'integer' }] }), 201);
      await fill(admin, plural, ROWS, (i) => ({ name: `n${i}`, size: i, twice: i < 2 ? 7 : 100 + i }));
      expect(await admin.patch(path, { indexes: [['size', 'updated_at']] }), 200);
      const first = (await states(admin, path))['size,updated_at'].state;
      assert.ok(['pending', 'ready'].includes(first));
      await until(async () => (await states(admin, path))['size,updated_at'].state === 'ready');
      expect(await admin.patch(path, { unique: [['size']] }), 200);
      await until(async () => (await states(admin, path)).size?.state === 'ready');
      expectProblem(await admin.post(`/${plural}`, { name: 'again', size: 5 }), 409, 'conflict');
    },
  },
  {
    name: 'a unique rule that records break is refused on a small table',
    async run(server) {
      const admin = by(server);
      const object = word('small');
      const path = `/meta/objects/${object}`;
      expect(await admin.post('/meta/objects', { object, plural: `${object}s`, fields: [{ name: 'name', type: 'text' }, { name: 'size', type: 'integer' }] }), 201);
      await fill(admin, `${object}s`, 4, (i) => ({ name: `n${i}`, size: i % 2 }));
      const problem = expectProblem(await admin.patch(path, { unique: [['size']] }), 422, 'validation');
      assert.equal(problem.errors[0].code, 'duplicate');
      assert.equal((await states(admin, path)).size, undefined);
    },
  },
  {
    name: 'a unique rule that a large table breaks fails with the records, and holds nobody up',
    async run(server) {
      const admin = by(server);
      const object = word('broken');
      const plural = `${object}s`;
      const path = `/meta/objects/${object}`;
      expect(await admin.post('/meta/objects', { object, plural, fields: [{ name: 'name', type: 'text' }, { name: 'size', type: 'integer' }] }), 201);
      await fill(admin, plural, ROWS, (i) => ({ name: `n${i}`, size: i < 3 ? 7 : 100 + i }));
      expect(await admin.patch(path, { unique: [['size']] }), 200);
      const failed = await until(async () => { const x = (await states(admin, path)).size; return x.state === 'failed' && x; });
      assert.equal(failed.duplicates[0].count, 3);
      assert.equal(failed.duplicates[0].records.length, 2);
      assert.ok(failed.duplicates[0].records.every((r) => r.id && r.title));
      expect(await admin.post(`/${plural}`, { name: 'again', size: 7 }), 201);
      // the field itself says unique: its values are looked at in the same way
      const field = await admin.patch(`${path}/fields/name`, { unique: true });
      if (field.status === 202) await waitForJob(admin, field);
    },
  },
];
