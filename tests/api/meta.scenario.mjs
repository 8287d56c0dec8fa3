// SPDX-License-Identifier: Apache-2.0
// An object declared while the server runs is everywhere at once; what is wrong in it is told by path.
import { assert, by, create, expect, expectProblem, unique } from './lib.mjs';

const q = encodeURIComponent;

// The example of the contract, with the types there are so far.
export const visit = {
  object: 'campaign_visit', plural: 'campaign_visits', area: 'marketing', icon: 'visit', traits: ['owned', 'numbered'],
  label: { 'zh-CN': '到访', en: 'Visit' }, title: 'name', number: 'CV{YYYY}{0000}',
  fields: [
    { name: 'name', type: 'text', max: 200, required: true, search: true, label: { 'zh-CN': '名称', en: 'Name' } },
    { name: 'account', type: 'link', to: 'account', inverse: 'campaign_visits', on_delete: 'restrict', visible_with: false },
    { name: 'guests', type: 'links', to: 'contact', inverse: 'campaign_visits' },
    { name: 'starts_on', type: 'date' }, { name: 'ends_on', type: 'date' }, { name: 'spent', type: 'money', scale: 2 },
    { name: 'budget', type: 'money', scale: 2, min: '0', visible_when: 'phase != "plan"' },
    { name: 'phase', type: 'choice', default: 'plan', choices: [
      { value: 'plan', label: { 'zh-CN': '计划', en: 'Plan' }, color: 'blue' }, { value: 'run', label: { 'zh-CN': '执行', en: 'Run' } }] },
    { name: 'rest', type: 'formula', of: 'budget - spent', result: 'money' },
  ],
  rules: [{ name: 'end_after_start', check: 'ends_on is null or ends_on >= starts_on', message: { 'zh-CN': '结束日期早于开始日期', en: 'Ends before it starts' }, field: 'ends_on' }],
  unique: [['account', 'name']], indexes: [['phase', 'updated_at']], history: true, files: true, timeline: true,
};

export const tests = [
  {
    name: 'a declared object has API, list, aggregate, history, relation and OpenAPI at once',
    async run(server) {
      const admin = by(server);
      const made = await admin.post('/meta/objects', visit);
      expect(made, 201);
      assert.equal(made.headers.location, '/api/v1/meta/objects/campaign_visit');
      const a = await create(admin, 'accounts', { name: unique('host') });
      const guest = await create(admin, 'contacts', { name: '客人', account: a.id });
      const row = await create(admin, 'campaign_visits', {
        name: '开放日', account: a.id, guests: [guest.id], starts_on: '2026-03-01', budget: '100.00', spent: '30.50',
      });
      assert.equal(row.phase, 'plan');
      assert.match(row.number, /^CV\d{8}$/);
      assert.deepEqual(row.guests, [{ id: guest.id, title: '客人' }]);
      assert.deepEqual(row.rest, { value: '69.50', currency: 'CNY' });
      const list = expect(await admin.get(`/campaign_visits?filter=${q('rest > 60 and any(guests, name = "客人")')}`), 200);
      assert.deepEqual(list.items.map((item) => item.id), [row.id]);
      const sum = expect(await admin.post('/campaign_visits/aggregate', { group: ['phase'], measures: ['count', { sum: 'budget' }] }), 200);
      assert.equal(sum.rows[0].count, 1);
      assert.deepEqual(sum.rows[0].sum_budget, { value: '100.00', currency: 'CNY' });
      assert.equal(expect(await admin.get(`/accounts/${a.id}/related/campaign_visits`), 200).items[0].id, row.id);
      const history = expect(await admin.get(`/campaign_visits/${row.id}/history`), 200);
      assert.equal(history.items.length, 1);
      const doc = expect(await admin.get('/openapi.json'), 200);
      assert.ok(doc.components.schemas.campaign_visit.properties.budget);
      const meta = expect(await admin.get('/meta'), 200);
      const object = meta.objects.find((o) => o.object === 'campaign_visit');
      assert.equal(object.label['zh-CN'], '到访');
      assert.deepEqual(object.fields.find((f) => f.name === 'phase').choices.map((c) => c.value), ['plan', 'run']);
    },
  },
  {
    name: 'its rules, unique sets and delete rules hold',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('rules') });
      const row = await create(admin, 'campaign_visits', { name: 'n', account: a.id, starts_on: '2026-03-02' });
      const rule = expectProblem(await admin.patch(`/campaign_visits/${row.id}`, { ends_on: '2026-03-01' }, { 'Accept-Language': 'en' }), 422, 'validation');
      assert.equal(rule.errors[0].field, 'ends_on');
      assert.equal(rule.errors[0].message, 'Ends before it starts');
      expectProblem(await admin.post('/campaign_visits', { name: 'n', account: a.id }), 409, 'conflict');
      expectProblem(await admin.post('/campaign_visits', { name: 'm', budget: '-1' }), 422, 'validation');
      expectProblem(await admin.delete(`/accounts/${a.id}`), 409, 'conflict');
    },
  },
  {
    name: 'fields are added and changed while data is there',
    async run(server) {
      const admin = by(server);
      const row = await create(admin, 'campaign_visits', { name: unique('grown') });
      const made = await admin.post('/meta/objects/campaign_visit/fields', { name: 'rating', type: 'integer', min: 1, max: 5, label: { 'zh-CN': '评分', en: 'Rating' } });
      expect(made, 201);
      assert.equal(expect(await admin.get(`/campaign_visits/${row.id}`), 200).rating, null);
      expect(await admin.patch(`/campaign_visits/${row.id}`, { rating: 4 }), 200);
      expectProblem(await admin.patch(`/campaign_visits/${row.id}`, { rating: 6 }), 422, 'validation');
      const list = expect(await admin.get('/campaign_visits?filter=rating%20%3E%203&sort=-rating'), 200);
      assert.deepEqual(list.items.map((item) => item.id), [row.id]);
      const changed = await admin.patch('/meta/objects/campaign_visit/fields/rating', { label: { 'zh-CN': '打分', en: 'Stars' } });
      expect(changed, 200);
      const field = expect(await admin.get('/meta/objects/campaign_visit/fields/rating'), 200);
      assert.equal(field.label.en, 'Stars');
      assert.equal(expect(await admin.get(`/campaign_visits/${row.id}`), 200).rating, 4);
    },
  },
  {
    name: 'what is wrong in a declaration is told, and nothing is made',
    async run(server) {
      const admin = by(server);
      const cases = [
        [{}, 'object'],
        [{ ...visit, object: 'account', plural: 'accounts' }, 'object'],
        [{ ...visit, object: 'bad name', plural: 'bads' }, 'object'],
        [{ ...visit, object: 'meta_thing', plural: 'meta' }, 'plural'],
        [{ ...visit, object: 'x_one', plural: 'x_ones', fields: [{ name: 'a', type: 'no_such_type' }] }, 'fields'],
        [{ ...visit, object: 'x_two', plural: 'x_twos', fields: [{ name: 'a', type: 'link', to: 'no_such' }] }, 'fields'],
        [{ ...visit, object: 'x_six', plural: 'x_sixes', fields: [{ name: 'and', type: 'text' }] }, 'fields'],
        [{ ...visit, object: 'x_ten', plural: 'x_tens', colour: 'red' }, 'colour'],
        [{ ...visit, object: 'x_rule', plural: 'x_rules', fields: [{ name: 'name', type: 'text' }], unique: [], indexes: [], rules: [{ name: 'r', check: 'no_such = 1', message: { en: 'x' } }] }, 'x_rule'],
      ];
      for (const [body, path] of cases) {
        const answer = await admin.post('/meta/objects', body);
        assert.ok([400, 409, 422].includes(answer.status), `${path}: ${answer.status} ${answer.text}`);
        assert.ok(answer.body.errors.some((error) => error.field.startsWith(path)), `${path}: ${answer.text}`);
      }
      for (const plural of ['x_ones', 'x_twos', 'x_rules']) expectProblem(await admin.get(`/${plural}`), 404, 'not_found');
    },
  },
  {
    name: 'the catalogue is sent once and then confirmed',
    async run(server) {
      const admin = by(server);
      const first = await admin.get('/meta');
      expect(first, 200);
      const again = await admin.get('/meta', { 'If-None-Match': first.headers.etag });
      assert.equal(again.status, 304);
      assert.equal(again.text, '');
      expect(await admin.post('/meta/objects/account/fields', { name: unique('note').replace('-', '_'), type: 'text' }), 201);
      const changed = await admin.get('/meta', { 'If-None-Match': first.headers.etag });
      expect(changed, 200);
      assert.notEqual(changed.headers.etag, first.headers.etag);
    },
  },
  {
    name: 'choice lists are read, made and changed',
    async run(server) {
      const admin = by(server);
      const list = unique('planet').replace('-', '_');
      const entry = (value, more) => ({ value, label: { 'zh-CN': value, en: value }, ...more });
      expect(await admin.post('/meta/lists', { list, label: { 'zh-CN': '行星', en: 'Planets' }, entries: [entry('mars'), entry('venus')] }), 201);
      expectProblem(await admin.post('/meta/lists', { list, entries: [] }), 422, 'validation');
      const name = unique('home').replace('-', '_');
      expect(await admin.post('/meta/objects/account/fields', { name, type: 'choice', list }), 201);
      const a = await create(admin, 'accounts', { name: unique('p'), [name]: 'mars' });
      assert.equal(a[name], 'mars');
      expect(await admin.patch(`/meta/lists/${list}`, { entries: [entry('mars', { retired: true }), entry('venus'), entry('earth')] }), 200);
      const values = expect(await admin.get(`/meta/lists/${list}`), 200).entries.map((e) => e.value);
      assert.deepEqual(values, ['mars', 'venus', 'earth']);
      expect(await admin.patch(`/accounts/${a.id}`, { [name]: 'earth' }), 200);
      expectProblem(await admin.get('/meta/lists/no_such'), 404, 'not_found');
      const limits = expect(await admin.get('/meta/limits'), 200);
      assert.equal(limits.page, 200);
    },
  },
];
