// SPDX-License-Identifier: Apache-2.0
// The public sales data set as found: imported with its faults, measured against the reference
// figures, undone as one batch. Needs GUANXI_TEST_DATA (default ../shared/data).
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { assert, by, create, expect, expectProblem, listen, makeUser, Skip, unique, upload, waitForJob, walk } from './lib.mjs';

const data = process.env.GUANXI_TEST_DATA ?? resolve(import.meta.dirname, '../../../shared/data');
const fixtures = resolve(import.meta.dirname, '../fixtures/crm_sales');
const options = (name) => JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8'));
const csv = (name) => {
  const path = join(data, 'crm_sales', `${name}.csv`);
  if (!existsSync(path)) throw new Skip(`no ${path}`);
  return readFileSync(path);
};
const reference = () => JSON.parse(readFileSync(join(data, 'reference/crm.json'), 'utf8'));
const state = {};

async function setUp(admin) {
  const { fields, regions, pipeline, stages } = options('setup');
  for (const [object, list] of Object.entries(fields)) {
    for (const field of list) expect(await admin.post(`/meta/objects/${object}/fields`, field), 201);
  }
  for (const region of regions) await create(admin, 'regions', region);
  const { id } = await create(admin, 'pipelines', pipeline);
  for (const stage of stages) await create(admin, 'stages', { ...stage, pipeline: id });
}

async function importFile(server, plural, file, how, name = `${plural}.csv`) {
  const job = await waitForJob(by(server), await upload(server, server.key, `/${plural}/import`, file, name, how));
  assert.equal(job.status, 'done', JSON.stringify(job));
  const r = job.result;
  assert.equal(r.created + r.updated + r.skipped + r.failed, r.read, JSON.stringify({ ...r, errors: r.errors.length }));
  if (process.env.SHOW) console.log(plural, JSON.stringify({ ...r, errors: r.errors.slice(0, 6) }));
  return { ...r, job };
}

const near = (got, want, tolerance) => assert.ok(Math.abs(got - want) <= tolerance, `${got} is not ${want}`);
const number = (value) => Number(value?.value ?? value);

async function aggregate(admin, body) {
  return expect(await admin.post('/opportunities/aggregate', { limit: 1000, ...body }), 200);
}

// Groups by a path, with the measures of the reference for each value of `label(row)`.
async function compareGroups(admin, group, label, wanted) {
  const where = (outcome) => ({ group: [group], filter: `pipeline.code = "crm_sales" and outcome = "${outcome}"` });
  const all = await aggregate(admin, { group: [group], measures: ['count'], filter: 'pipeline.code = "crm_sales"' });
  const won = await aggregate(admin, { ...where('won'), measures: ['count', { sum: 'amount' }, { avg: 'amount' }, { avg: 'cycle_days' }] });
  const lost = await aggregate(admin, { ...where('lost'), measures: ['count'] });
  const find = (answer, name) => answer.rows.find((row) => label(row[group]) === name);
  assert.equal(all.rows.length, Object.keys(wanted).length);
  for (const [name, want] of Object.entries(wanted)) {
    const [a, w, l] = [all, won, lost].map((answer) => find(answer, name));
    assert.ok(a && w && l, `${name} in ${JSON.stringify(all.rows[0])}`);
    assert.equal(a.count, want.opportunities);
    assert.equal(w.count, want.won);
    assert.equal(l.count, want.lost);
    near(w.count / (w.count + l.count), want.win_rate, 1e-9);
    near(number(w.sum_amount), want.won_value, 0.01);
    near(number(w.avg_amount), want.mean_won_value, 1e-9 * want.mean_won_value + 1e-8);
    near(number(w.avg_cycle_days), want.mean_cycle_won, 1e-9 * want.mean_cycle_won + 1e-8);
  }
}

const title = (value) => value?.title ?? value;
const productName = (value) => (title(value) === 'GTX Pro' ? 'GTXPro' : title(value));

export const tests = [
  {
    name: 'people, products and accounts come in, managers and parents by name',
    async run(server) {
      const admin = by(server);
      csv('accounts');
      await setUp(admin);
      const managers = await importFile(server, 'users', csv('sales_teams'), options('managers'));
      assert.equal(managers.read, 35);
      assert.equal(managers.created, 6);
      const agents = await importFile(server, 'users', csv('sales_teams'), options('agents'));
      assert.equal(agents.created, 35);
      const products = await importFile(server, 'products', csv('products'), options('products'));
      assert.equal(products.created, 7);
      const accounts = await importFile(server, 'accounts', csv('accounts'), options('accounts'));
      assert.equal(accounts.read, 85);
      assert.equal(accounts.failed, 0);
      const all = expect(await admin.get('/accounts?count=exact&limit=1&filter=external_system%20%3D%20%22crm_sales%22'), 200);
      assert.equal(all.count.value, 85);
    },
  },
  {
    name: 'a dry run tells all and changes nothing; a preview guesses the mapping',
    async run(server) {
      const admin = by(server);
      const dry = await importFile(server, 'opportunities', csv('sales_pipeline'), { ...options('opportunities'), dry_run: true });
      assert.equal(dry.read, 8800);
      assert.equal(dry.failed, 1480);
      assert.equal(expect(await admin.get('/opportunities?limit=1'), 200).count.value, 0);
      const preview = await upload(server, server.key, '/accounts/import/preview', 'name,Short name,noise\nA,B,C\n', 'a.csv', {});
      const guess = Object.fromEntries(expect(preview, 200).columns.map((column) => [column.name, column.field]));
      assert.equal(guess.name, 'name');
      assert.equal(guess['Short name'], 'short_name');
      assert.equal(guess.noise, null);
    },
  },
  {
    name: 'opportunities come in with their faults named, and the corrected error file brings the rest',
    async run(server) {
      const admin = by(server);
      const stream = await listen(server, server.key, 'opportunities');
      const first = await importFile(server, 'opportunities', csv('sales_pipeline'), options('opportunities'));
      assert.equal(first.read, 8800);
      assert.equal(first.failed, 1480);
      assert.equal(first.created, 8800 - 1480);
      const fault = first.errors.find((error) => error.level !== 'warning');
      assert.equal(fault.code, 'no_match');
      assert.equal(fault.suggestion, 'GTX Pro');
      assert.equal(fault.column, 'product');
      await stream.wait((event) => event.type === 'job' && event.data.action === 'done');
      stream.close();
      const file = await admin.get(first.error_file);
      assert.equal(file.status, 200);
      assert.match(file.headers['content-disposition'], /^attachment/);
      assert.equal(file.text.trim().split('\n').length, 1481);
      const seller = await makeUser(server, ['seller']);
      expectProblem(await seller.client.get(first.error_file), 404, 'not_found');
      expectProblem(await seller.client.get(`/jobs/${first.job.id}`), 404, 'not_found');
      const second = await importFile(server, 'opportunities', file.text.replaceAll('GTXPro', 'GTX Pro'), options('opportunities'), 'corrected.csv');
      assert.equal(second.read, 1480);
      assert.equal(second.created, 1480);
      assert.equal(second.failed, 0);
      state.first = first;
      state.second = second;
    },
  },
  {
    name: 'missing accounts and dates are warnings and the rows are kept',
    async run(server) {
      const admin = by(server);
      const count = async (filter) => expect(await admin.get(`/opportunities?limit=1&count=exact&filter=${encodeURIComponent(filter)}`), 200).count.value;
      const want = reference().missing;
      assert.equal(await count('account is null'), want.account);
      assert.equal(await count('started_on is null'), want.engage_date);
      assert.equal(await count('closed_on is null'), want.close_date);
      assert.equal(await count('amount is null'), want.close_value);
      const warned = state.first.warnings + state.second.warnings;
      assert.ok(warned >= want.account + want.engage_date, `${warned} warnings`);
    },
  },
  {
    name: 'the figures are those of the reference',
    async run(server) {
      const admin = by(server);
      const want = reference();
      const inIt = 'pipeline.code = "crm_sales"';
      const stages = await aggregate(admin, { group: ['stage'], measures: ['count'], filter: inIt });
      assert.deepEqual(Object.fromEntries(stages.rows.map((row) => [row.stage.title, row.count]).sort()), want.stages);
      assert.equal(stages.total.count, want.rows.pipeline);
      const won = await aggregate(admin, { measures: ['count', { sum: 'amount' }, { avg: 'cycle_days' }, { median: 'cycle_days' }], filter: `${inIt} and outcome = "won"` });
      const lost = await aggregate(admin, { measures: ['count', { avg: 'cycle_days' }], filter: `${inIt} and outcome = "lost"` });
      near(won.total.count / (won.total.count + lost.total.count), want.win_rate_of_closed, 1e-9);
      near(number(won.total.sum_amount), want.won_value, 0.01);
      near(number(won.total.avg_cycle_days), want.cycle_days.won_mean, 1e-8);
      near(number(won.total.median_cycle_days), want.cycle_days.won_median, 1e-9);
      near(number(lost.total.avg_cycle_days), want.cycle_days.lost_mean, 1e-8);
      await compareGroups(admin, 'product', productName, want.by_product);
      await compareGroups(admin, 'owner', title, want.by_agent);
      await compareGroups(admin, 'owner.manager', title, want.by_manager);
      await compareGroups(admin, 'owner.region', title, want.by_region);
      const months = await aggregate(admin, { group: [{ field: 'closed_on', bucket: 'month' }], measures: [{ sum: 'amount' }], filter: `${inIt} and outcome = "won"` });
      const byMonth = Object.fromEntries(months.rows.map((row) => [row.closed_on, number(row.sum_amount)]));
      assert.deepEqual(byMonth, want.won_value_by_close_month);
      const sectors = expect(await admin.post('/accounts/aggregate', { group: ['sector'], measures: ['count'], filter: 'external_system = "crm_sales"' }), 200);
      assert.deepEqual(Object.fromEntries(sectors.rows.map((row) => [row.sector, row.count]).sort()), want.accounts_by_sector);
      const top = await aggregate(admin, { group: ['account'], measures: [{ sum: 'amount' }], filter: `${inIt} and outcome = "won" and account is not null`, sort: ['-sum_amount'], limit: 10 });
      assert.deepEqual(top.rows.map((row) => [row.account.title, number(row.sum_amount)]), Object.entries(want.top_accounts_by_won_value));
    },
  },
  {
    name: 'paging through eight thousand rows loses and repeats none',
    async run(server) {
      const rows = await walk(by(server), '/opportunities?sort=-amount,closed_on&count=none&fields=name', 200);
      assert.equal(rows.length, 8800);
      assert.equal(new Set(rows.map((row) => row.id)).size, 8800);
    },
  },
  {
    name: 'an import is taken back as one batch; what was changed since stays and is told',
    async run(server) {
      const admin = by(server);
      const { batch } = state.second.job;
      const path = '/opportunities?limit=1&count=exact&filter=external_system%20%3D%20%22crm_sales%22';
      const touched = expect(await admin.get('/opportunities?limit=1&filter=product.name%20%3D%20%22GTX%20Pro%22'), 200).items[0];
      expect(await admin.patch(`/opportunities/${touched.id}`, { next_step: 'call' }), 200);
      const job = await waitForJob(admin, await admin.post(`/batches/${batch}/undo`));
      assert.equal(job.status, 'done', JSON.stringify(job.error));
      assert.equal(job.result.undone, 1479);
      assert.deepEqual(job.result.skipped.map((row) => [row.id, row.reason]), [[touched.id, 'changed_since']]);
      assert.equal(expect(await admin.get(path), 200).count.value, 8800 - 1479);
      expectProblem(await admin.post(`/batches/${batch}/undo`), 409, 'conflict');
      expectProblem(await admin.post('/batches/1/undo'), 404, 'not_found');
      const seller = await makeUser(server, ['seller']);
      expectProblem(await seller.client.post(`/batches/${state.first.job.batch}/undo`), 404, 'not_found');
    },
  },
  {
    name: 'files in other encodings and with other separators are read as they are',
    async run(server) {
      const admin = by(server);
      const mark = unique('encoded');
      const gb = Buffer.concat([Buffer.from('name;description\n'), Buffer.from([0xc9, 0xcf, 0xba, 0xa3, 0xd0, 0xc2, 0xce, 0xc5]), Buffer.from(`;${mark}\n`)]);
      const result = await importFile(server, 'accounts', gb, { mapping: { name: 'name', description: 'description' }, encoding: 'GB18030' }, 'gb.csv');
      assert.equal(result.created, 1);
      const utf16 = Buffer.from(`\ufeffname\tdescription\n客户,一\t${mark}\n`, 'utf16le');
      assert.equal((await importFile(server, 'accounts', utf16, { mapping: { name: 'name', description: 'description' } }, 'u.tsv')).created, 1);
      const rows = expect(await admin.get(`/accounts?sort=name&filter=${encodeURIComponent(`description = "${mark}"`)}`), 200).items;
      assert.deepEqual(rows.map((row) => row.name).sort(), ['上海新闻', '客户,一'].sort());
    },
  },
  {
    name: 'what cannot be imported is refused before a job is made',
    async run(server) {
      const send = (how, file = 'name\nx\n') => upload(server, server.key, '/accounts/import', file, 'x.csv', how);
      for (const how of [{ mapping: { name: 'no_such_field' } }, { mapping: { no_such_column: 'name' } }, { mode: 'no_such_mode' }, { colour: 'red' }]) {
        const answer = await send(how);
        assert.ok([400, 422].includes(answer.status), `${JSON.stringify(how)}: ${answer.status} ${answer.text}`);
      }
      const seller = await makeUser(server, ['seller']);
      expectProblem(await upload(server, seller.key, '/accounts/import', 'name\nx\n', 'x.csv', {}), 403, 'forbidden');
      expectProblem(await by(server).post('/accounts/import', {}), 415, 'media_type');
    },
  },
];
