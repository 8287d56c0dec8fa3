// SPDX-License-Identifier: Apache-2.0
// Clean-up: rules and their lists, preview with what goes along, archive before delete, undo; what changes meanwhile stays; rights; bad bodies.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, fieldError, makeUser, Skip, unique, waitForJob, walk } from './lib.mjs';

const FAKETIME = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1'].find(existsSync);
const count = async (client, plural, filter) => expect(await client.get(`/${plural}?limit=1&count=exact&filter=${encodeURIComponent(filter)}`), 200).count.value;
const own = (object, filter) => ({ object, rule: 'own', filter });

/** The lines of each entry of the archive, whose hashes are those of its manifest. */
async function unpacked(server, key, file) {
  const answer = await fetch(`http://127.0.0.1:${server.port}${file.url}`, { headers: { Authorization: `Bearer ${key}` } });
  const dir = mkdtempSync(join(tmpdir(), 'guanxi-cleanup-'));
  try {
    writeFileSync(join(dir, 'all.zip'), Buffer.from(await answer.arrayBuffer()));
    const run = spawnSync('python3', ['-c', 'import zipfile; z=zipfile.ZipFile("all.zip"); assert z.testzip() is None; z.extractall("out")'], { cwd: dir, encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    const manifest = JSON.parse(readFileSync(join(dir, 'out', 'manifest.json')));
    const rows = {};
    for (const entry of manifest.entries) {
      const bytes = readFileSync(join(dir, 'out', entry.name));
      assert.equal(createHash('sha256').update(bytes).digest('hex'), entry.sha256, entry.name);
      rows[entry.object] = bytes.toString().trim().split('\n').map((l) => JSON.parse(l));
      assert.equal(rows[entry.object].length, entry.rows, entry.name);
    }
    return { manifest, rows };
  } finally { rmSync(dir, { recursive: true }); }
}

/** Both jobs of a clean-up. */
async function cleaned(client, body) {
  const made = await waitForJob(client, await client.post('/cleanup', body));
  assert.equal(made.status, 'done', JSON.stringify(made));
  const gone = made.result.delete_job ? await waitForJob(client, { status: 202, headers: { location: `/api/v1/jobs/${made.result.delete_job}` } }) : null;
  return { made, gone };
}

/** A lead with two follow-ups, one without, one that somebody else holds on to by another link. */
async function leads(admin, mark, n) {
  const made = [];
  for (let i = 0; i < n; i++) made.push(await create(admin, 'leads', { name: `${mark} ${i}`, source: 'website' }));
  for (const content of ['first', 'second']) await create(admin, 'followups', { about: { object: 'lead', id: made[0].id }, content, method: 'phone' });
  await create(admin, 'notes', { about: { object: 'lead', id: made[1].id }, body: mark });
  return made;
}

// Of PostgreSQL a job of a killed server is free again only when its lease has run out (a minute a kill): run there by hand.
const KILLED = {
  name: 'killed at any point and started again: one archive, and what it holds is what has gone',
  async run() {
    const server = await Server.create();
    try {
      const admin = by(server);
      for (const [round, ms] of [0, 15, 40, 90].entries()) {
        const mark = `killed${round}`;
        expect(await admin.post('/batch', { requests: Array.from({ length: 100 }, (_, k) => ({ method: 'POST', path: '/leads', body: { name: `${mark} ${k}`, source: 'website' } })) }), 200);
        const answer = await admin.post('/cleanup', own('lead', `name starts "${mark} "`));
        await new Promise((done) => setTimeout(done, ms));
        await server.kill();
        await server.start();
        const made = await waitForJob(admin, answer);
        assert.deepEqual([made.status, made.result.records], ['done', 100], JSON.stringify(made));
        const gone = await waitForJob(admin, { status: 202, headers: { location: `/api/v1/jobs/${made.result.delete_job}` } });
        assert.deepEqual([gone.result.changed, gone.result.failed, await count(admin, 'leads', `name starts "${mark} "`)], [100, 0, 0]);
        assert.equal((await unpacked(server, server.key, made.result.file)).rows.lead.length, 100);
        assert.equal(expect(await admin.get('/cleanup'), 200).archives.items.length, round + 1, 'one archive a run');
      }
    } finally {
      await server.stop();
    }
  },
};

export const tests = [
  {
    name: 'every rule that is offered has a list and a preview; what is forgotten by itself is told',
    async run(server) {
      const admin = by(server);
      const { most, objects, logs } = expect(await admin.get('/cleanup'), 200);
      assert.equal(most, 10000);
      const rules = Object.fromEntries(objects.map((o) => [o.object, o.rules.map((r) => r.rule)]));
      for (const [object, has] of Object.entries({ lead: ['closed', 'age', 'empty'], opportunity: ['lost', 'orphan', 'age', 'empty'], contact: ['orphan', 'age', 'empty'], task: ['done', 'age', 'empty'], account: ['age', 'empty'], call: ['orphan'], meeting: ['orphan'] })) {
        for (const rule of has) assert.ok(rules[object]?.includes(rule), `${object}: ${rules[object]}`);
      }
      for (const object of ['user', 'role', 'department', 'order_line', 'pool_entry', 'stage', 'file']) assert.ok(!(object in rules), object);
      const plurals = Object.fromEntries(expect(await admin.get('/meta'), 200).objects.map((o) => [o.object, o.plural]));
      for (const { object, rules: each } of objects) {
        for (const { rule, months, filter } of each) {
          const seen = expect(await admin.post('/cleanup/preview', { object, rule, ...(months ? { months: 1 } : {}) }), 200);
          assert.equal(seen.filter, months ? filter.replaceAll(/months_ago\(\d+\)/g, 'months_ago(1)') : filter);
          assert.equal(seen.takes, await count(admin, plurals[object], seen.filter), `${object} ${rule}`);
        }
      }
      assert.deepEqual(logs.map((l) => [l.what, l.days]), [['messages', 90], ['jobs', 30], ['events', 7]]);
    },
  },
  {
    name: 'preview, archive, delete with what goes along, undo',
    async run(server) {
      const admin = by(server);
      const mark = unique('clean');
      const made = await leads(admin, mark, 3);
      const body = own('lead', `name starts "${mark} "`);
      const seen = expect(await admin.post('/cleanup/preview', body), 200);
      assert.deepEqual([seen.takes, seen.with_of, seen.preview.count.value, seen.preview.change, seen.preview.failed], [3, 3, 3, 3, 0]);
      assert.deepEqual(seen.preview.samples.map((s) => s.title).sort(), made.map((l) => l.name).sort());
      const along = (list) => Object.fromEntries(list.map((w) => [w.object, [w.records, w.kept]]));
      assert.deepEqual([along(seen.with).followup, along(seen.with).note], [[2, 2], [1, 1]]);
      assert.equal(await count(admin, 'leads', body.filter), 3, 'a preview deletes nothing');
      const { made: job, gone } = await cleaned(admin, body);
      assert.deepEqual([job.result.records, job.result.left, along(job.result.with)], [3, 0, along(seen.with)]);
      assert.deepEqual([gone.result.changed, gone.result.failed], [3, 0]);
      assert.equal(await count(admin, 'leads', body.filter), 0);
      const { manifest, rows } = await unpacked(server, server.key, job.result.file);
      assert.deepEqual([manifest.format, manifest.filter, manifest.rows], ['guanxi-archive', body.filter, 3 + seen.with.reduce((sum, w) => sum + w.records, 0)]);
      assert.deepEqual(rows.lead.map((l) => [l.id, l.name]), made.map((l) => [l.id, l.name]));
      assert.deepEqual(rows.followup.map((f) => f.content).sort(), ['first', 'second']);
      assert.equal(rows.note[0].body, mark);
      const log = expect(await admin.get('/access-log?limit=20'), 200).items.find((e) => e.kind === 'export' && e.object === 'lead');
      assert.ok(log, 'the archive stands in the log of what was taken along');
      const { archives } = expect(await admin.get('/cleanup'), 200);
      assert.deepEqual([archives.items[0].id, archives.items[0].name, archives.items[0].size], [job.result.file.id, job.result.file.name, job.result.file.size]);
      const undo = await waitForJob(admin, await admin.post(`/batches/${gone.batch}/undo`));
      assert.equal(undo.result.skipped_count ?? 0, 0, JSON.stringify(undo.result));
      assert.equal(await count(admin, 'leads', body.filter), 3);
      assert.equal(await count(admin, 'followups', `about = "${made[0].id}"`), 2);
      assert.equal(expect(await admin.get(`/leads/${made[0].id}/related/followups`), 200).items.length, 2);
    },
  },
  {
    name: 'a filter narrows a rule; records without a parent, records without anything',
    async run(server) {
      const admin = by(server);
      const mark = unique('bare');
      const account = await create(admin, 'accounts', { name: `${mark} firm`, website: 'https://example.com' });
      const bare = await create(admin, 'accounts', { name: `${mark} bare` });
      const tied = await create(admin, 'accounts', { name: `${mark} tied` });
      await create(admin, 'contacts', { name: `${mark} kept`, account: tied.id });
      const orphan = await create(admin, 'contacts', { name: `${mark} orphan`, phone: '+8657188886666' });
      const narrow = { filter: `name starts "${mark} "` };
      const empty = expect(await admin.post('/cleanup/preview', { object: 'account', rule: 'empty', ...narrow }), 200);
      assert.deepEqual(empty.preview.samples.map((s) => s.id), [bare.id], JSON.stringify(empty));
      const lost = expect(await admin.post('/cleanup/preview', { object: 'contact', rule: 'orphan', ...narrow }), 200);
      assert.deepEqual(lost.preview.samples.map((s) => s.id), [orphan.id]);
      const { gone } = await cleaned(admin, { object: 'account', rule: 'empty', ...narrow });
      assert.equal(gone.result.changed, 1);
      assert.deepEqual((await walk(admin, `/accounts?fields=id&sort=id&filter=${encodeURIComponent(narrow.filter)}`)).map((a) => a.id), [account.id, tied.id]);
      const nothing = await cleaned(admin, { object: 'account', rule: 'empty', ...narrow });
      assert.deepEqual([nothing.made.result.records, nothing.made.result.file, nothing.gone], [0, undefined, null]);
      const young = expect(await admin.post('/cleanup/preview', { object: 'account', rule: 'age', months: 1, ...narrow }), 200);
      assert.equal(young.takes, 0, 'made just now');
    },
  },
  {
    name: 'what others hold on to stays and is told; what changes after it was looked at stays',
    async run(server) {
      const admin = by(server);
      const mark = unique('held');
      const [held, free] = [await create(admin, 'accounts', { name: `${mark} held` }), await create(admin, 'accounts', { name: `${mark} free` })];
      const pipeline = expect(await admin.get('/pipelines?limit=1'), 200).items[0];
      const stage = expect(await admin.get(`/stages?limit=1&sort=position&filter=${encodeURIComponent(`pipeline = "${pipeline.id}"`)}`), 200).items[0];
      await create(admin, 'opportunities', { name: mark, account: held.id, pipeline: pipeline.id, stage: stage.id });
      const body = own('account', `name starts "${mark} "`);
      const seen = expect(await admin.post('/cleanup/preview', body), 200);
      assert.deepEqual([seen.takes, seen.preview.change, seen.preview.failed], [2, 1, 1]);
      const { made, gone } = await cleaned(admin, body);
      assert.deepEqual([made.result.records, made.result.refused, gone.result.changed, gone.result.failed], [1, 1, 1, 0]);
      assert.deepEqual((await unpacked(server, server.key, made.result.file)).rows.account.map((x) => x.id), [free.id], 'only what goes is archived');
      const again = await cleaned(admin, body);
      assert.deepEqual([again.made.result.records, again.made.result.refused, again.made.result.file], [0, 1, undefined]);
      assert.equal(expect(await admin.get(`/accounts/${held.id}`), 200).id, held.id);
      expectProblem(await admin.get(`/accounts/${free.id}`), 410, 'gone');
      // the bulk delete that a clean-up asks for: versions beside ids
      const [a, b] = [await create(admin, 'accounts', { name: unique('v') }), await create(admin, 'accounts', { name: unique('v') })];
      expect(await admin.patch(`/accounts/${b.id}`, { short_name: 'later' }), 200);
      const job = await waitForJob(admin, await admin.post('/accounts/bulk', { ids: [b.id, a.id], versions: [b.version, a.version], delete: true }));
      assert.deepEqual([job.result.changed, job.result.failed, job.result.errors[0].id, job.result.errors[0].error.code], [1, 1, b.id, 'conflict']);
      for (const bad of [{ ids: [b.id], versions: [], delete: true }, { ids: [b.id], versions: ['1'], delete: true }, { filter: 'id is null', versions: [1], delete: true }, { ids: [b.id], versions: [1], restore: true }]) {
        expectProblem(await admin.post('/accounts/bulk', bad), 422, 'validation');
      }
    },
  },
  {
    name: 'rights: delete, many, export of the object, and of what goes along',
    async run(server) {
      const admin = by(server);
      const mark = unique('may');
      const code = unique('cleaner');
      expect(await admin.post('/roles', { code, name: code }), 201);
      const all = { read: 'all', create: true, update: 'all', delete: 'all', bulk: 'all', export: 'all' };
      const rights = (lead, more = {}) => admin.put(`/meta/access/${code}`, { objects: { lead, ...more }, system: [] });
      expect(await rights({ ...all, export: 'none' }), 200);
      const user = await makeUser(server, [code]);
      await leads(admin, mark, 2);
      const body = own('lead', `name starts "${mark} "`);
      expectProblem(await user.client.post('/cleanup', body), 403, 'forbidden');
      expectProblem(await user.client.post('/cleanup/preview', body), 403, 'forbidden');
      assert.deepEqual(expect(await user.client.get('/cleanup'), 200).objects, []);
      expectProblem(await user.client.post('/cleanup', own('account', 'name is null')), 422, 'validation'); // no such object for this person
      expect(await rights(all), 200);
      const told = expect(await user.client.get('/cleanup'), 200).objects;
      assert.deepEqual(told.map((o) => o.object), ['lead']);
      assert.ok(!told[0].rules.some((r) => r.rule === 'empty'), 'who does not see what is tied to a record cannot tell that it is empty');
      const seen = async () => expect(await user.client.post('/cleanup/preview', body), 200);
      assert.deepEqual([(await seen()).preview.failed, (await seen()).with], [2, []], 'what hangs on them needs its own right to delete');
      const entries = { pool_entry: all };
      expect(await rights(all, { ...entries, note: { ...all, export: 'none' } }), 200);
      assert.deepEqual((await seen()).with.find((w) => w.object === 'note'), { object: 'note', records: 1, kept: 0 });
      const stopped = await waitForJob(user.client, await user.client.post('/cleanup', body));
      assert.equal(stopped.status, 'failed', JSON.stringify(stopped));
      assert.equal(await count(admin, 'leads', body.filter), 2, 'nothing goes that the archive does not hold');
      expect(await rights(all, { ...entries, note: all, followup: all }), 200);
      const { made, gone } = await cleaned(user.client, body);
      assert.deepEqual([made.result.records, made.result.refused, gone.result.changed], [1, 1, 1], 'follow-ups of others hold their lead');
      assert.deepEqual(Object.keys((await unpacked(server, user.key, made.result.file)).rows).sort(), ['lead', 'note', 'pool_entry'].filter((o) => o === 'lead' || made.result.with.some((w) => w.object === o)));
      assert.equal(await count(admin, 'leads', body.filter), 1);
      expectProblem(await (await makeUser(server, [code])).client.get(made.result.file.url.replace('/api/v1', '')), 404, 'not_found');
    },
  },
  {
    name: 'a body that says too little, too much or something else is refused before any job',
    async run(server) {
      const admin = by(server);
      for (const path of ['/cleanup', '/cleanup/preview']) {
        for (const [body, field] of [[{}, 'object'], [{ object: 'nothing', rule: 'age' }, 'object'], [{ object: 'user', rule: 'age' }, 'object'], [{ object: 'lead' }, 'rule'], [{ object: 'lead', rule: 'orphan' }, 'rule'], [{ object: 'lead', rule: 'own' }, 'filter'], [{ object: 'lead', rule: 'own', filter: ' ' }, 'filter'], [{ object: 'lead', rule: 'age', filter: 5 }, 'filter'], [{ object: 'lead', rule: 'age', filter: 'x'.repeat(8193) }, 'filter'],
          [{ object: 'lead', rule: 'age', months: 0 }, 'months'], [{ object: 'lead', rule: 'age', months: 601 }, 'months'], [{ object: 'lead', rule: 'age', months: '12' }, 'months'], [{ object: 'lead', rule: 'empty', months: 12 }, 'months'], [{ object: 'lead', rule: 'age', days: 3 }, 'days']]) {
          const answer = await admin.post(path, body);
          assert.ok([400, 422].includes(answer.status) && fieldError(answer.body, field), `${JSON.stringify(body)}: ${answer.text}`);
        }
        expectProblem(await admin.post(path, own('lead', 'nmae is null')), 400, 'bad_expression');
        assert.equal((await admin.post(path, [])).status, 400);
      }
    },
  },
  {
    name: 'rules with an age: what was closed, lost, done or left alone for so many months',
    async run() {
      if (!FAKETIME) throw new Skip('libfaketime is missing');
      const server = await Server.create();
      try {
        const admin = by(server);
        const [old, open] = [await create(admin, 'leads', { name: 'old', source: 'website' }), await create(admin, 'leads', { name: 'open', source: 'website' })];
        expect(await admin.patch(`/leads/${old.id}`, { status: 'closed', close_reason: 'no_need' }), 200);
        const task = await create(admin, 'tasks', { subject: 'old' });
        expect(await admin.patch(`/tasks/${task.id}`, { status: 'done' }), 200);
        const ids = async (object, rule, months) => expect(await admin.post('/cleanup/preview', { object, rule, months }), 200).preview.samples.map((x) => x.id);
        assert.deepEqual(await ids('lead', 'closed', 1), []);
        await server.stop();
        await server.start({ LD_PRELOAD: FAKETIME, FAKETIME: '+410d', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' });
        await create(admin, 'followups', { about: { object: 'lead', id: open.id }, content: 'still here', method: 'phone' });
        assert.deepEqual([await ids('lead', 'closed', 12), await ids('lead', 'closed', 14)], [[old.id], []]);
        assert.deepEqual(await ids('lead', 'age', 12), [old.id], 'a follow-up is activity');
        assert.deepEqual([await ids('task', 'done'), await ids('task', 'done', 14)], [[task.id], []]);
        const { made, gone } = await cleaned(admin, { object: 'lead', rule: 'closed' });
        assert.deepEqual([made.result.records, gone.result.changed], [1, 1]);
        assert.equal(expect(await admin.get(`/leads/${open.id}`), 200).name, 'open');
      } finally {
        await server.stop();
      }
    },
  },
  ...(process.env.GUANXI_TEST_ENGINE === 'postgres' ? [] : [KILLED]),
];
