// SPDX-License-Identifier: Apache-2.0
// Bulk: set, delete, restore, transfer by ids and by filter; dry run; refusals told; rights per record; undo; cancel; others get through.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, waitForJob } from './lib.mjs';

const q = encodeURIComponent;

async function fill(client, mark, n, more = {}) {
  const made = [];
  for (let i = 0; i < n; i += 100) {
    const requests = Array.from({ length: Math.min(100, n - i) }, (_, k) => ({ method: 'POST', path: '/accounts', body: { name: `${mark} ${i + k}`, founded_year: 2000, ...more } }));
    const { items } = expect(await client.post('/batch', { requests }), 200);
    made.push(...items.map((item) => item.body.id));
  }
  return made;
}
const mine = (mark) => `name starts "${mark} "`;
const count = async (client, filter) => expect(await client.get(`/accounts?limit=1&count=exact&filter=${q(filter)}`), 200).count.value;

export const tests = [
  {
    name: 'sets fields of all that a filter means, as one batch that can be taken back',
    async run(server) {
      const admin = by(server);
      const mark = unique('bulk');
      const ids = await fill(admin, mark, 250);
      expect(await admin.patch(`/accounts/${ids[3]}`, { founded_year: 2011 }), 200);
      const body = { filter: mine(mark), set: { founded_year: 2011, short_name: 'x' } };
      const dry = expect(await admin.post('/accounts/bulk', { ...body, dry_run: true }), 200);
      assert.deepEqual([dry.count, dry.checked, dry.change, dry.failed], [{ value: 250, exact: true }, 250, 250, 0]);
      const change = dry.samples[0].changes.find((c) => c.field === 'founded_year');
      assert.deepEqual(change, { field: 'founded_year', old: 2000, new: 2011 });
      assert.equal(await count(admin, `${mine(mark)} and founded_year = 2011`), 1);
      const job = await waitForJob(admin, await admin.post('/accounts/bulk', body));
      assert.equal(job.status, 'done', JSON.stringify(job));
      assert.deepEqual(job.result, { total: 250, changed: 250, unchanged: 0, failed: 0, errors: [] });
      assert.deepEqual(job.progress, { done: 250, total: 250 });
      assert.equal(await count(admin, `${mine(mark)} and founded_year = 2011`), 250);
      const history = expect(await admin.get(`/accounts/${ids[0]}/history`), 200).items[0];
      assert.deepEqual([history.cause, history.batch], ['bulk', job.batch]);
      expect(await admin.patch(`/accounts/${ids[1]}`, { founded_year: 2012 }), 200);
      const batches = expect(await admin.get('/batches?limit=1'), 200);
      assert.deepEqual([batches.items[0].id, batches.items[0].kind, batches.items[0].undone_by], [job.batch, 'bulk', null]);
      const undo = await waitForJob(admin, await admin.post(`/batches/${job.batch}/undo`));
      assert.equal(undo.result.undone, 249);
      assert.deepEqual(undo.result.skipped, [{ object: 'account', id: ids[1], reason: 'changed_since' }]);
      assert.equal(await count(admin, `${mine(mark)} and founded_year = 2000`), 248);
      assert.equal(expect(await admin.get(`/accounts/${ids[3]}`), 200).founded_year, 2011);
      const [first, second] = expect(await admin.get('/batches?limit=2'), 200).items;
      assert.deepEqual([first.kind, second.undone_by], ['undo', undo.batch]);
      expectProblem(await admin.post(`/batches/${job.batch}/undo`), 409, 'conflict');
    },
  },
  {
    name: 'deletes with what hangs on them by rule, brings back from the recycle bin',
    async run(server) {
      const admin = by(server);
      const mark = unique('bin');
      const ids = await fill(admin, mark, 5);
      const gone = await waitForJob(admin, await admin.post('/accounts/bulk', { ids: ids.slice(0, 3), delete: true }));
      assert.deepEqual([gone.result.changed, gone.result.failed], [3, 0]);
      assert.equal(await count(admin, mine(mark)), 2);
      const bin = expect(await admin.get(`/accounts?deleted=true&sort=name&count=exact&filter=${q(mine(mark))}`), 200);
      assert.deepEqual(bin.items.map((item) => item.id), ids.slice(0, 3));
      assert.equal(bin.count.value, 3);
      const dry = expect(await admin.post('/accounts/bulk', { filter: mine(mark), restore: true, dry_run: true }), 200);
      assert.deepEqual([dry.count.value, dry.change], [3, 3]);
      const back = await waitForJob(admin, await admin.post('/accounts/bulk', { filter: mine(mark), restore: true }));
      assert.equal(back.result.changed, 3);
      assert.equal(await count(admin, mine(mark)), 5);
      assert.equal(expect(await admin.get(`/accounts?deleted=true&filter=${q(mine(mark))}`), 200).items.length, 0);
      const again = await waitForJob(admin, await admin.post('/accounts/bulk', { ids: [ids[0]], restore: true }));
      assert.deepEqual([again.result.failed, again.result.errors[0].error.code], [1, 'conflict']);
    },
  },
  {
    name: 'what is refused is told and left; the others go on',
    async run(server) {
      const admin = by(server);
      const mark = unique('refused');
      const ids = await fill(admin, mark, 4);
      await create(admin, 'contacts', { name: mark, account: ids[1] });
      const number = unique('91330000');
      const missing = '4611686018427387000';
      const job = await waitForJob(admin, await admin.post('/accounts/bulk', { ids: [...ids, missing], set: { external_system: 'x', external_id: number } }));
      assert.equal(job.status, 'done', JSON.stringify(job));
      assert.deepEqual([job.result.changed, job.result.failed], [1, 4]);
      assert.deepEqual(job.result.errors.map((e) => e.error.code).sort(), ['conflict', 'conflict', 'conflict', 'not_found']);
      assert.equal(await count(admin, `${mine(mark)} and external_id = "${number}"`), 1);
    },
  },
  {
    name: 'transfers need the right on each record; others are not even seen',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const other = await makeUser(server, ['seller']);
      const mark = unique('transfer');
      const own = await fill(seller.client, mark, 2, { owner: seller.id });
      const foreign = await fill(admin, mark, 1, { owner: other.id });
      const rights = expect(await seller.client.get('/me'), 200).rights.objects.account;
      const body = { filter: mine(mark), action: 'transfer', to: other.id };
      const answer = await seller.client.post('/accounts/bulk', body);
      if (rights.bulk === 'none' || rights.transfer === 'none') expectProblem(answer, 403, 'forbidden');
      else assert.equal((await waitForJob(seller.client, answer)).result.changed, 2);
      const job = await waitForJob(admin, await admin.post('/accounts/bulk', { ids: [...own, ...foreign], action: 'transfer', to: other.id }));
      assert.equal(job.result.changed + job.result.unchanged, 3);
      for (const id of own) assert.equal(expect(await admin.get(`/accounts/${id}`), 200).owner.id, other.id);
      expectProblem(await seller.client.get(`/jobs/${job.id}`), 404, 'not_found');
      expectProblem(await seller.client.post(`/batches/${job.batch}/undo`), 404, 'not_found');
    },
  },
  {
    name: 'does a verb of the object to many records: each by itself, refusals told, one batch that can be taken back',
    async run(server) {
      const admin = by(server);
      const mark = unique('verbs');
      const ids = [];
      for (let i = 0; i < 3; i++) ids.push((await create(admin, 'leads', { name: `${mark} ${i}`, source: 'website' })).id);
      expect(await admin.post(`/leads/${ids[1]}/close`, { close_reason: 'no_budget' }), 200);
      const body = { filter: mine(mark), action: 'close', params: { close_reason: 'no_need' } };
      const dry = expect(await admin.post('/leads/bulk', { ...body, dry_run: true }), 200);
      assert.deepEqual([dry.count.value, dry.change, dry.failed], [3, 2, 1]);
      assert.ok(dry.samples[0].changes.some((c) => c.field === 'status' && c.new === 'closed'), JSON.stringify(dry.samples[0]));
      assert.equal(expect(await admin.get(`/leads/${ids[0]}`), 200).status, 'unassigned');
      const job = await waitForJob(admin, await admin.post('/leads/bulk', body));
      assert.deepEqual([job.status, job.result.changed, job.result.failed], ['done', 2, 1], JSON.stringify(job));
      assert.deepEqual([job.result.errors[0].id, job.result.errors[0].error.code], [ids[1], 'conflict']);
      const states = async () => Promise.all(ids.map(async (id) => { const r = expect(await admin.get(`/leads/${id}`), 200); return [r.status, r.close_reason]; }));
      assert.deepEqual(await states(), [['closed', 'no_need'], ['closed', 'no_budget'], ['closed', 'no_need']]);
      const undo = await waitForJob(admin, await admin.post(`/batches/${job.batch}/undo`));
      assert.equal(undo.result.undone, 2, JSON.stringify(undo));
      assert.deepEqual(await states(), [['unassigned', null], ['closed', 'no_budget'], ['unassigned', null]]);
    },
  },
  {
    name: 'a daily limit of claims holds for many at once, and what is wrong with a verb is told before any job',
    async run(server) {
      const admin = by(server);
      const mark = unique('claims');
      const { id, client } = await makeUser(server, ['sales_manager']);
      const pool = await create(admin, 'pools', { name: mark, object: 'lead', claim_daily_limit: 2, users: [id] });
      const ids = [];
      for (let i = 0; i < 4; i++) ids.push((await create(admin, 'leads', { name: `${mark} ${i}`, source: 'website', pool: pool.id, owner: null })).id);
      const job = await waitForJob(client, await client.post('/leads/bulk', { ids, action: 'claim' }));
      assert.deepEqual([job.result.changed, job.result.failed], [2, 2], JSON.stringify(job.result));
      const taken = expect(await admin.get(`/leads?filter=${q(`${mine(mark)} and owner = "${id}"`)}`), 200).items;
      assert.equal(taken.length, 2);
      const refused = async (object, body, field) => assert.ok(fieldError(expectProblem(await admin.post(`/${object}/bulk`, body), 422, 'validation'), field), field);
      await refused('leads', { ids, action: 'close' }, 'close_reason');
      await refused('leads', { ids, action: 'close', params: { nothing: 1 } }, 'nothing');
      await refused('leads', { ids, action: 'win' }, 'action');
      await refused('leads', { ids, action: 'claim', params: [] }, 'params');
      await refused('leads', { ids, set: { name: 'x' }, params: {} }, 'params');
      await refused('visits', { ids, action: 'check_in' }, 'action');
      const reader = await makeUser(server, ['auditor']);
      expectProblem(await reader.client.post('/leads/bulk', { ids, action: 'claim' }), 403, 'forbidden');
    },
  },
  {
    name: 'a body that says too little, too much or something else is refused before any job',
    async run(server) {
      const admin = by(server);
      const refused = async (body, field, status = 422) => {
        const answer = await admin.post('/accounts/bulk', body);
        assert.equal(answer.status, status, answer.text);
        if (field) assert.ok(fieldError(answer.body, field), answer.text);
      };
      await refused({ set: { name: 'x' } }, 'ids');
      await refused({ ids: ['1'], filter: 'true', delete: true }, 'ids');
      await refused({ ids: [], delete: true }, 'ids');
      await refused({ ids: ['x'], delete: true }, 'ids[0]');
      await refused({ ids: ['1'] }, 'set');
      await refused({ ids: ['1'], set: { name: 'x' }, delete: true }, 'set');
      await refused({ ids: ['1'], set: { no_such: 1, version: 3 } }, 'no_such');
      await refused({ ids: ['1'], set: { founded_year: 'x' } }, 'founded_year');
      await refused({ ids: ['1'], action: 'merge' }, 'action');
      await refused({ ids: ['1'], action: 'transfer', to: '7' }, 'to');
      await refused({ ids: ['1'], delete: true, colour: 1 }, 'colour');
      await refused({ ids: ['1'], delete: true, dry_run: 'yes' }, 'dry_run');
      await refused({ filter: 'no_such = 1', delete: true }, null, 400);
      await refused([], null, 400);
    },
  },
  {
    name: 'others get their turn while it runs; cancelled, it stops and what was done can be taken back',
    async run(server) {
      const admin = by(server);
      const mark = unique('long');
      await fill(admin, mark, 3000);
      const answer = await admin.post('/accounts/bulk', { filter: mine(mark), set: { short_name: 'long' } });
      const { location } = expect(answer, 202) && answer.headers;
      let worst = 0;
      let job;
      for (let i = 0; ; i++) {
        const began = performance.now();
        expect(await admin.post('/accounts', { name: `between ${mark}` }), 201);
        worst = Math.max(worst, performance.now() - began);
        job = expect(await admin.get(location), 200);
        if (job.status === 'done') break;
        if (job.progress.done > 500 && i > 3) break;
      }
      assert.ok(worst < 2000, `a write waited ${worst} ms`);
      const cancel = await admin.delete(location);
      assert.ok([204, 409].includes(cancel.status), cancel.text);
      job = await waitForJob(admin, answer);
      assert.ok(['cancelled', 'done'].includes(job.status));
      const changed = await count(admin, `${mine(mark)} and short_name = "long"`);
      assert.ok(changed > 0);
      const undo = await waitForJob(admin, await admin.post(`/batches/${job.batch}/undo`));
      assert.deepEqual([undo.result.undone, undo.result.skipped_count], [changed, 0]);
      assert.equal(await count(admin, `${mine(mark)} and short_name = "long"`), 0);
    },
  },
  {
    name: 'a field or the whole comes back from a former version',
    async run(server) {
      const admin = by(server);
      const owner = await create(admin, 'accounts', { name: unique('owner') });
      const a = await create(admin, 'accounts', { name: unique('first'), short_name: 'one', parent: owner.id });
      expect(await admin.patch(`/accounts/${a.id}`, { name: unique('second'), short_name: 'two', parent: null }), 200);
      expect(await admin.patch(`/accounts/${a.id}`, { founded_year: 1999 }), 200);
      const restore = (body, more) => admin.post(`/accounts/${a.id}/restore`, body, more);
      const one = expect(await restore({ version: 1, fields: ['short_name'] }), 200);
      assert.deepEqual([one.short_name, one.name === a.name, one.version, one.founded_year], ['one', false, 4, 1999]);
      expectProblem(await restore({ version: 1 }, { 'If-Match': '"3"' }), 412, 'stale');
      const whole = expect(await restore({ version: 1 }, { 'If-Match': '"4"' }), 200);
      assert.deepEqual([whole.name, whole.parent.id, whole.founded_year], [a.name, owner.id, null]);
      assert.equal(expect(await restore({ version: 5 }), 200).version, 5);
      for (const [body, field] of [[{ version: 77 }, 'version'], [{ version: 'x' }, 'version'], [{ version: 1, fields: ['no_such'] }, 'no_such'],
        [{ version: 1, fields: ['created_at'] }, 'created_at'], [{ version: 1, fields: [] }, 'fields'], [{ versoin: 1 }, 'versoin']]) {
        const problem = expectProblem(await restore(body), 422, 'validation');
        assert.ok(fieldError(problem, field), JSON.stringify(problem));
      }
      expect(await admin.patch(`/accounts/${a.id}`, { parent: null }), 200);
      expect(await admin.delete(`/accounts/${owner.id}`), 204);
      const lost = expectProblem(await restore({ version: 1, fields: ['parent'] }), 422, 'validation');
      assert.equal(fieldError(lost, 'parent').code, 'no_match');
      expect(await admin.delete(`/accounts/${a.id}`), 204);
      expectProblem(await restore({ version: 1 }), 410, 'gone');
      assert.equal(expect(await restore(undefined), 200).name, a.name);
    },
  },
];
