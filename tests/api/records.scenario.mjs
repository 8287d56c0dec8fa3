// SPDX-License-Identifier: Apache-2.0
// Life of a record over HTTP: forms of values, merge patch, versions, delete and restore, refusals.
import { api, assert, by, create, expect, expectProblem, fieldError, unique } from './lib.mjs';

async function pipelineWithStages(client) {
  const code = unique('p').replace('-', '_');
  const pipeline = await create(client, 'pipelines', { code, name: code });
  const stages = [];
  for (const [i, stage] of ['open_one', 'won_one'].entries()) {
    stages.push(await create(client, 'stages', {
      code: stage, name: stage, position: i + 1, pipeline: pipeline.id,
      outcome: i ? 'won' : 'open', probability: i ? '100' : '20',
    }));
  }
  return { pipeline, stages, code };
}

export const tests = [
  {
    name: 'a record comes back as it was written, in the forms of the contract',
    async run(server) {
      const admin = by(server);
      const account = await create(admin, 'accounts', { name: '上海测试有限公司', founded_year: 1999, annual_revenue: '1234567.89' });
      const { pipeline, stages, code } = await pipelineWithStages(admin);
      const made = await admin.post('/opportunities', {
        name: '二期', account: account.id, pipeline: { code }, stage: 'open_one', amount: { value: '100.50', currency: 'CNY' },
        started_on: '2026-03-01', presales: null, need: 'a\n"b" \\ 你好 👋',
      });
      const body = expect(made, 201);
      assert.equal(made.headers.location, `${api}/opportunities/${body.id}`);
      assert.equal(made.headers.etag, '"1"');
      assert.equal(body.account.title, '上海测试有限公司');
      assert.equal(body.pipeline.id, pipeline.id);
      assert.equal(body.stage.id, stages[0].id);
      assert.equal(body.stage.code, 'open_one');
      assert.deepEqual(body.amount, { value: '100.50', currency: 'CNY' });
      assert.equal(body.started_on, '2026-03-01');
      assert.equal(body.need, 'a\n"b" \\ 你好 👋');
      assert.match(body.id, /^\d+$/);
      assert.match(body.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const read = await admin.get(`/opportunities/${body.id}`);
      assert.deepEqual(expect(read, 200), body);
      assert.equal(read.headers.etag, '"1"');
      assert.equal(account.founded_year, 1999);
      assert.deepEqual(account.annual_revenue, { value: '1234567.89', currency: 'CNY' });
    },
  },
  {
    name: 'PATCH is a merge patch: null clears, absent leaves, the version rises',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('patch'), short_name: 'p', description: 'd' });
      const answer = await admin.patch(`/accounts/${a.id}`, { short_name: null }, { 'If-Match': '"1"' });
      const body = expect(answer, 200);
      assert.equal(body.short_name, null);
      assert.equal(body.description, 'd');
      assert.equal(answer.headers.etag, '"2"');
      const same = await admin.patch(`/accounts/${a.id}`, {});
      assert.equal(expect(same, 200).version, body.version);
    },
  },
  {
    name: 'a stale If-Match is refused and changes nothing',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('stale') });
      expect(await admin.patch(`/accounts/${a.id}`, { description: 'one' }, { 'If-Match': '"1"' }), 200);
      expectProblem(await admin.patch(`/accounts/${a.id}`, { description: 'two' }, { 'If-Match': '"1"' }), 412, 'stale');
      expectProblem(await admin.delete(`/accounts/${a.id}`, { 'If-Match': '"1"' }), 412, 'stale');
      assert.equal(expect(await admin.get(`/accounts/${a.id}`), 200).description, 'one');
      expect(await admin.patch(`/accounts/${a.id}`, { description: 'three' }, { 'If-Match': '*' }), 200);
    },
  },
  {
    name: 'of many writers with the same If-Match exactly one wins',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('race') });
      const answers = await Promise.all(Array.from({ length: 12 }, (_, i) =>
        admin.patch(`/accounts/${a.id}`, { description: `w${i}` }, { 'If-Match': '"1"' })));
      const won = answers.filter((answer) => answer.status === 200);
      assert.equal(won.length, 1, answers.map((x) => x.status).join());
      for (const lost of answers.filter((x) => x !== won[0])) expectProblem(lost, 412, 'stale');
      assert.equal(expect(await admin.get(`/accounts/${a.id}`), 200).description, won[0].body.description);
    },
  },
  {
    name: 'a deleted record is gone and can be brought back',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('gone') });
      expect(await admin.delete(`/accounts/${a.id}`), 204);
      expectProblem(await admin.get(`/accounts/${a.id}`), 410, 'gone');
      expectProblem(await admin.patch(`/accounts/${a.id}`, { name: 'x' }), 410, 'gone');
      expectProblem(await admin.delete(`/accounts/${a.id}`), 410, 'gone');
      const list = expect(await admin.get(`/accounts?filter=${encodeURIComponent(`name = "${a.name}"`)}`), 200);
      assert.equal(list.items.length, 0);
      const back = expect(await admin.post(`/accounts/${a.id}/restore`), 200);
      assert.equal(back.name, a.name);
      assert.ok(back.version > a.version);
      expect(await admin.get(`/accounts/${a.id}`), 200);
    },
  },
  {
    name: 'what is wrong is told for every field at once',
    async run(server) {
      const admin = by(server);
      const problem = expectProblem(await admin.post('/accounts', {
        founded_year: 'never', kind: 'no_such_kind', annual_revenue: '1.234', email: 'no address', no_such_field: 1,
        created_at: '2020-01-01T00:00:00Z', region: { code: 'no_such_region' },
      }), 422, 'validation');
      for (const field of ['founded_year', 'kind', 'annual_revenue', 'email', 'no_such_field', 'created_at', 'region']) {
        assert.ok(fieldError(problem, field)?.message, `${field} in ${JSON.stringify(problem.errors)}`);
      }
      assert.equal(fieldError(problem, 'no_such_field').code, 'unknown_field');
      const missing = expectProblem(await admin.post('/accounts', {}), 422, 'validation');
      assert.equal(fieldError(missing, 'name').code, 'required');
    },
  },
  {
    name: 'links are resolved by id, code and match, and must exist',
    async run(server) {
      const admin = by(server);
      const name = unique('linked');
      const a = await create(admin, 'accounts', { name });
      for (const account of [a.id, { id: a.id }, { match: { name } }]) {
        const contact = await create(admin, 'contacts', { name: 'C', account });
        assert.deepEqual(contact.account, { id: a.id, title: name });
      }
      for (const account of ['1', '999999999999', { match: { name: unique('none') } }]) {
        const problem = expectProblem(await admin.post('/contacts', { name: 'C', account }), 422, 'validation');
        assert.ok(fieldError(problem, 'account'));
      }
      await create(admin, 'accounts', { name });
      const two = expectProblem(await admin.post('/contacts', { name: 'C', account: { match: { name } } }), 422, 'validation');
      assert.ok(fieldError(two, 'account'));
    },
  },
  {
    name: 'unique values and delete rules conflict',
    async run(server) {
      const admin = by(server);
      const code = unique('sku');
      const first = await create(admin, 'products', { name: 'P', code, price: '1' });
      const other = await create(admin, 'products', { name: 'Q', price: '2' });
      const taken = await admin.post('/products', { name: 'P2', code, price: '1' });
      expectProblem(taken, 409, 'conflict');
      assert.ok(fieldError(taken.body, 'code'), taken.text);
      expectProblem(await admin.patch(`/products/${other.id}`, { code }), 409, 'conflict');
      expect(await admin.delete(`/products/${first.id}`), 204);
      expect(await admin.patch(`/products/${other.id}`, { code }), 200);
      const a = await create(admin, 'accounts', { name: unique('parent') });
      const { code: pipeline } = await pipelineWithStages(admin);
      await create(admin, 'opportunities', { name: 'O', account: a.id, pipeline: { code: pipeline }, stage: 'open_one' });
      expectProblem(await admin.delete(`/accounts/${a.id}`), 409, 'conflict');
    },
  },
  {
    name: 'history tells each change with old and new value',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('told'), short_name: 'one' });
      expect(await admin.patch(`/accounts/${a.id}`, { short_name: 'two' }), 200);
      expect(await admin.patch(`/accounts/${a.id}`, { short_name: null, founded_year: 2001 }), 200);
      const all = expect(await admin.get(`/accounts/${a.id}/history`), 200);
      assert.deepEqual(all.items.map((item) => item.version), [3, 2, 1]);
      const change = all.items[0].changes.find((c) => c.field === 'short_name');
      assert.deepEqual([change.old, change.new], ['two', null]);
      assert.deepEqual(all.items[0].changes.map((c) => c.field).sort(), ['founded_year', 'short_name']);
      assert.equal(all.items[0].cause, 'api');
      assert.ok(all.items[0].by.id && all.items[0].at);
      const page = expect(await admin.get(`/accounts/${a.id}/history?limit=2`), 200);
      assert.equal(page.items.length, 2);
      const rest = expect(await admin.get(`/accounts/${a.id}/history?limit=2&after=${page.next}`), 200);
      assert.deepEqual(rest.items.map((item) => item.version), [1]);
      expectProblem(await admin.get(`/accounts/${a.id}/history?limit=0`), 400, 'bad_parameter');
    },
  },
  {
    name: 'related lists, and why I may do what',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('with') });
      const b = await create(admin, 'accounts', { name: unique('without') });
      for (const name of ['C1', 'C2', 'C3']) await create(admin, 'contacts', { name, account: a.id });
      const list = expect(await admin.get(`/accounts/${a.id}/related/contacts?sort=-name&limit=2`), 200);
      assert.deepEqual(list.items.map((item) => item.name), ['C3', 'C2']);
      assert.equal(list.count.value, 3);
      assert.equal(expect(await admin.get(`/accounts/${b.id}/related/contacts`), 200).items.length, 0);
      expectProblem(await admin.get(`/accounts/${a.id}/related/nothing`), 404, 'not_found');
      expectProblem(await admin.get('/accounts/1/related/contacts'), 404, 'not_found');
      const rights = expect(await admin.get(`/accounts/${a.id}/access`), 200);
      assert.equal(rights.read, true);
      assert.ok(rights.because.length > 0);
    },
  },
];
