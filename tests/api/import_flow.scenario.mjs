// SPDX-License-Identifier: Apache-2.0
// An import writes one chunk while it prepares the next: what a row must see of the rows before it, it sees, wherever chunks
// end; what others write meanwhile neither doubles nor loses a row.
import { assert, by, create, expect, makeUser, unique, upload, walk, waitForJob } from './lib.mjs';

const done = async (server, text, options) => {
  const job = await waitForJob(by(server), await upload(server, server.key, '/accounts/import', text, 'flow.csv', options));
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job;
};
const all = async (server, prefix) => walk(by(server), `/accounts?filter=${encodeURIComponent(`external_id ~ "${prefix}"`)}&fields=external_id,name,version,employee_count`, 200);

export const tests = [
  {
    name: 'a key that comes again in the next chunk, or two further on, finds what the earlier row made',
    async run(server) {
      const p = unique('F'), lines = ['external_id,name,employee_count'], last = new Map(), times = new Map();
      const put = (key, name) => { lines.push(`${p}${key},${name},${lines.length}`); last.set(key, name); times.set(key, (times.get(key) ?? 0) + 1); };
      for (let i = 0; i < 1500; i++) {
        put(`n${i}`, `甲${i}`);
        if (i % 190 === 189) put(`n${i - 5}`, `乙${i}`);   // nearly always in the chunk before, or in its own
        if (i % 390 === 389) put(`n${i - 380}`, `丙${i}`); // two chunks before
        if (i % 97 === 0) lines.push(`${p}bad${i},错${i},many`);
      }
      const job = await done(server, lines.join('\n'), { mode: 'upsert', key: ['external_id'], mapping: { external_id: 'external_id', name: 'name', employee_count: 'employee_count' } });
      const { created, updated, failed } = job.result;
      assert.deepEqual([created, updated, failed], [1500, lines.length - 1 - 1500 - 16, 16]);
      const rows = await all(server, `${p}n`);
      assert.equal(rows.length, 1500);
      for (const r of rows) {
        const key = r.external_id.slice(p.length);
        assert.deepEqual([r.name, r.version], [last.get(key), times.get(key)], key);
      }
      const told = job.result.errors.filter((e) => e.level !== 'warning').map((e) => e.row);
      assert.deepEqual(told, lines.flatMap((l, i) => (l.includes('bad') ? [i] : [])), 'faulty rows are told once, in their order');
    },
  },
  {
    name: 'two imports of the same file at once make each record once',
    async run(server) {
      const p = unique('G'), lines = ['external_id,external_system,name'];
      for (let i = 0; i < 1600; i++) lines.push(`${p}${i},erp,并${i}`);
      const options = { mode: 'upsert', key: ['external_id'], mapping: { external_id: 'external_id', external_system: 'external_system', name: 'name' } };
      const jobs = await Promise.all([done(server, lines.join('\n'), options), done(server, lines.join('\n'), options)]);
      for (const { result: r } of jobs) assert.equal(r.created + r.updated + r.skipped + r.failed, 1600, JSON.stringify(r).slice(0, 300));
      assert.equal(jobs[0].result.created + jobs[1].result.created, 1600);
      const rows = await all(server, p);
      assert.equal(new Set(rows.map((r) => r.external_id)).size, 1600);
      assert.equal(rows.length, 1600);
    },
  },
  {
    name: 'of an import each person is told of what was given to him, and nobody of the rest',
    async run(server) {
      const a = await makeUser(server, ['seller']);
      const p = unique('H'), lines = ['external_id,name,owner'];
      const login = expect(await a.client.get('/me'), 200).login ?? a.login;
      for (let i = 0; i < 450; i++) lines.push(`${p}${i},给${i},${i % 150 === 7 ? login : ''}`);
      await done(server, lines.join('\n'), { mode: 'create', mapping: { external_id: 'external_id', name: 'name', owner: 'owner' } });
      for (let i = 0; ; i++) {
        const items = expect(await a.client.get('/me/messages?kind=assigned'), 200).items;
        if (items.length === 1 && items[0].times === 3) break;
        assert.ok(i < 100, JSON.stringify(items));
        await new Promise((go) => setTimeout(go, 100));
      }
      const last = await create(by(server), 'accounts', { name: unique('末'), owner: a.id });
      for (let i = 0; ; i++) {
        const items = expect(await a.client.get('/me/messages?kind=assigned'), 200).items;
        if (items.some((m) => m.record?.id === last.id)) { assert.equal(items.length, 2); break; }
        assert.ok(i < 100, JSON.stringify(items));
        await new Promise((go) => setTimeout(go, 100));
      }
    },
  },
];
