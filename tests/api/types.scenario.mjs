// SPDX-License-Identifier: Apache-2.0
// Every field type through every surface: one row a type, one test a surface. docs/evidence/03-types.md reads
// the names of these tests; the last test fails when the catalogue knows a type that is not here.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, upload, waitForJob } from './lib.mjs';

const q = encodeURIComponent;
const zh = (text, en) => ({ 'zh-CN': text, en });
const address = (parts) => ({ country: null, province: null, city: null, district: null, street: null, postcode: null, ...parts });

// type: declaration, two values (as written, as read), what is refused, an expression that holds of the first alone,
// the value in a file, and what the type can do: sort (first before second), group (key of the first), sum (of both).
export const types = {
  text: { values: ['北京', '阿里'], bad: 1, filter: 'f = "北京"', file: '北京', sort: true, group: '北京', default: '无' },
  long_text: { values: ['一\n二', 'x'], bad: [], filter: 'f ~ "二"', file: '一\n二', default: '-' },
  rich_text: { values: [['<p>你好 <b>World</b><script>x</script></p>', '<p>你好 <strong>World</strong></p>'], '<p>bye</p>'], bad: 1,
    filter: 'f ~ "world"', file: ['<p>你好 <b>World</b></p>', '<p>你好 <strong>World</strong></p>'], default: '<p>hi</p>' },
  integer: { values: [7, 9], bad: 1.5, filter: 'f < 8', file: '7', sort: true, group: 7, sum: 16, default: 3 },
  decimal: { decl: { scale: 2 }, values: ['1.50', '2.25'], bad: '1.234', filter: 'f = 1.5', file: '1.5', sort: true, sum: '3.75', default: '1.00' },
  percent: { values: ['15.00', '20.00'], bad: 'x', filter: 'f = 15', file: '15%', sort: true, sum: '35.00', default: '1.00' },
  money: { values: [['10.5', { value: '10.50', currency: 'CNY' }], ['11', { value: '11.00', currency: 'CNY' }]], bad: 'much', filter: 'f = 10.5', file: '¥10.50', sort: true,
    sum: { value: '21.50', currency: 'CNY' }, default: { value: '1.00', currency: 'CNY' } },
  boolean: { values: [false, true], bad: 'yes', filter: 'f = false', file: '否', group: false, default: true },
  date: { values: ['2026-03-01', '2026-03-02'], bad: '2026-02-30', filter: 'f = "2026-03-01"', file: '2026年3月1日', sort: true, group: '2026-03-01', default: '2026-01-01' },
  datetime: { values: ['2026-03-01T01:00:00.000Z', '2026-03-01T02:00:00.000Z'], bad: '2026-03-01', filter: 'f < "2026-03-01T01:30:00Z"', file: '2026-03-01T01:00:00Z', sort: true, default: '2026-01-01T00:00:00.000Z' },
  duration: { values: [['PT90M', 'PT1H30M'], 'PT2H'], bad: 'P1M', filter: 'f = "PT90M"', file: ['1:30', 'PT1H30M'], sort: true, group: 'PT1H30M', sum: 'PT3H30M', default: 'PT1M' },
  choice: { decl: { choices: [{ value: 'a', label: zh('甲', 'Ay') }, { value: 'b', label: zh('乙', 'Bee') }] }, values: ['a', 'b'], bad: 'c', filter: 'f = "a"', file: ['甲', 'a'], sort: true, group: 'a', default: 'b' },
  choices: { decl: { choices: [{ value: 'a', label: zh('甲', 'Ay') }, { value: 'b', label: zh('乙', 'Bee') }, { value: 'c', label: zh('丙', 'Cee') }] }, values: [[['b', 'a'], ['a', 'b']], ['b']], bad: ['d'],
    filter: 'f in ("a") and "b" in f', file: ['乙;甲', ['a', 'b']], group: ['a', 'b'], many: ['c'], empty: [], default: ['c'] },
  tags: { values: [['老客户', 'VIP'], ['VIP']].map((v, i) => (i ? v : [v, ['VIP', '老客户']])), bad: ['a;b'], filter: '"老客户" in f and f not in ("x")', file: ['VIP、老客户', ['VIP', '老客户']], group: ['VIP', '老客户'], many: ['新'], empty: [], default: ['新'] },
  email: { values: [['A@b.CN', 'a@b.cn'], 'c@d.cn'], bad: 'a@b', filter: 'f = "A@B.cn"', file: 'a@b.cn', sort: true, group: 'a@b.cn', default: 'x@y.cn' },
  phone: { values: ['138 0013 8000', '0571-88886666'], bad: 'call me', filter: 'f = "+86 13800138000"', file: '138 0013 8000', group: '+8613800138000', default: '95588' },
  url: { values: [['A.cn/x', 'https://a.cn/x'], 'http://b.cn'], bad: 'javascript:alert(1)', filter: 'f = "https://a.cn/x"', file: ['a.cn/x', 'https://a.cn/x'], group: 'https://a.cn/x', default: 'https://c.cn' },
  address: { values: [[{ province: '浙江', city: 'hangzhou', street: '文三路 90 号' }, address({ province: 'zhejiang', city: 'hangzhou', street: '文三路 90 号' })], [{ country: 'France', city: 'Paris' }, address({ country: 'France', city: 'Paris' })]],
    bad: { province: 'jiangsu', city: 'hangzhou' }, filter: 'f.province = "zhejiang" and f.city in ("hangzhou")', file: ['浙江省杭州市文三路 90 号', address({ province: 'zhejiang', city: 'hangzhou', street: '文三路 90 号' })],
    part: 'city', sort: 'f.country', group: ['f.city', 'hangzhou'], default: address({ country: 'CN' }) },
  geo: { values: [{ lat: 30.2741, lng: 120.1551 }, { lat: 31.2304, lng: 121.4737 }], bad: { lat: 91, lng: 0 }, filter: 'f.lat < 31', file: ['30.2741,120.1551', { lat: 30.2741, lng: 120.1551 }], sort: 'f.lat', default: { lat: 0, lng: 0 } },
  json: { values: [[{ b: 1, a: [null, '中'] }, { a: [null, '中'], b: 1 }], [1]], bad: 'x'.repeat(70000), filter: 'f is not null and name = "first"', file: ['{"b":1}', { b: 1 }], default: { a: 1 } },
  rating: { values: [2, 5], bad: 6, filter: 'f <= 2', file: ['★★', 2], sort: true, group: 2, sum: 7, default: 3 },
  color: { values: ['rouge', 'slate'], bad: 'red', filter: 'f = "rouge"', file: ['胭脂', 'rouge'], sort: true, group: 'rouge', default: 'bamboo' },
};

// Types with tests of their own: what they need is not in one field of one object.
const elsewhere = ['link', 'links', 'any_link', 'file', 'image', 'auto_number', 'formula', 'rollup', 'secret'];

const written = ([value]) => value;
const pair = (type, i) => {
  const v = types[type].values[i];
  const isPair = Array.isArray(v) && v.length === 2 && !types[type].plain && JSON.stringify(v[0]) !== undefined && (typeof v[0] !== 'string' || typeof v[1] !== 'string' || !types[type].empty);
  return isPair && !(type === 'json' && i === 1) ? v : [v, v];
};
const fileOf = (type) => (Array.isArray(types[type].file) ? types[type].file : [types[type].file, pair(type, 0)[1]]);
const plural = (type) => `t_${type}s`;
const path = (type, tail = '') => `/${plural(type)}${tail}`;

async function each(run) {
  for (const type of Object.keys(types)) {
    try {
      await run(type, types[type]);
    } catch (error) {
      throw new Error(`${type}: ${error.message}`, { cause: error });
    }
  }
}

const rows = {};

export const tests = [
  {
    name: 'json is patched by RFC 7396: members are merged, null takes one away, all else replaces',
    async run(server) {
      const admin = by(server);
      const object = unique('json').replace('-', '_');
      expect(await admin.post('/meta/objects', { object, plural: `${object}s`, fields: [{ name: 'name', type: 'text' }, { name: 'j', type: 'json' }] }), 201);
      const row = await create(admin, `${object}s`, { name: 'n', j: { a: 1, b: { c: [1, 2], d: 'x' }, gone: null } });
      assert.deepEqual(row.j, { a: 1, b: { c: [1, 2], d: 'x' }, gone: null });
      const patch = async (j) => expect(await admin.patch(`/${object}s/${row.id}`, { j }), 200).j;
      assert.deepEqual(await patch({ b: { c: [3], e: { f: null, g: 2 } }, gone: null, new: true }), { a: 1, b: { c: [3], d: 'x', e: { g: 2 } }, new: true });
      assert.deepEqual(await patch([1]), [1]);
      assert.deepEqual(await patch({ x: null, y: 1 }), { y: 1 });
      assert.equal(await patch(null), null);
      assert.deepEqual(await patch({ a: { b: null } }), { a: {} });
      expect(await admin.patch(`/${object}s/${row.id}`, { j: { big: 'x'.repeat(65536) } }), 422);
    },
  },
  {
    name: 'DDL: a field of every type is declared, with a default, and told by GET /meta',
    async run(server) {
      const admin = by(server);
      await each(async (type, t) => {
        expect(await admin.post('/meta/objects', {
          object: `t_${type}`, plural: plural(type), title: 'name',
          fields: [{ name: 'name', type: 'text', required: true }, { name: 'f', type, ...t.decl }, { name: 'd', type, default: t.default, ...t.decl }],
        }), 201);
        const meta = expect(await admin.get(`/meta/objects/t_${type}`), 200);
        const field = (meta.fields ?? meta.object?.fields).find((f) => f.name === 'f');
        assert.equal(field.type, type);
        expectProblem(await admin.post('/meta/objects', { object: `u_${type}`, plural: `u_${type}s`, fields: [{ name: 'f', type, ...t.decl, nonsense: 1 }] }), 422, 'validation');
      });
    },
  },
  {
    name: 'API: values are written, read and refused by type',
    async run(server) {
      const admin = by(server);
      await each(async (type, t) => {
        const made = await create(admin, plural(type), { name: 'first', f: written(pair(type, 0)) });
        assert.deepEqual(made.f, pair(type, 0)[1]);
        assert.deepEqual(made.d, t.default);
        const other = await create(admin, plural(type), { name: 'second', f: written(pair(type, 1)) });
        const none = await create(admin, plural(type), { name: 'third', d: null });
        assert.deepEqual(none.f, t.empty ?? null);
        assert.deepEqual(none.d, t.empty ?? null);
        rows[type] = { first: made.id, second: other.id, third: none.id };
        assert.deepEqual(expect(await admin.get(path(type, `/${made.id}`)), 200).f, pair(type, 0)[1]);
        const problem = expectProblem(await admin.post(path(type), { name: 'bad', f: t.bad }), 422, 'validation');
        assert.ok(problem.errors.some((e) => e.field === 'f' || e.field.startsWith('f.')), JSON.stringify(problem));
      });
    },
  },
  {
    name: 'list: every type shows in lists, chosen by name and by path',
    async run(server) {
      const admin = by(server);
      await each(async (type, t) => {
        const list = expect(await admin.get(`${path(type)}?fields=name,f&sort=id`), 200);
        assert.deepEqual(list.items.map((i) => i.f), [pair(type, 0)[1], pair(type, 1)[1], t.empty ?? null]);
        if (!t.part) return;
        const parts = expect(await admin.get(`${path(type)}?fields=f.${t.part}&sort=id`), 200);
        assert.deepEqual(parts.items.map((i) => i[`f.${t.part}`]), [pair(type, 0)[1][t.part], pair(type, 1)[1][t.part], null]);
      });
    },
  },
  {
    name: 'filter: what holds of the first alone finds it, is null finds the empty one',
    async run(server) {
      const admin = by(server);
      await each(async (type, t) => {
        const find = async (filter) => expect(await admin.get(`${path(type)}?filter=${q(filter)}`), 200).items.map((i) => i.id);
        assert.deepEqual(await find(t.filter), [rows[type].first]);
        assert.deepEqual(await find('f is null'), [rows[type].third]);
        assert.deepEqual((await find('f is not null')).length, 2);
        expectProblem(await admin.get(`${path(type)}?filter=${q('f = me()')}`), 400, 'bad_expression');
      });
    },
  },
  {
    name: 'filter: what has no equality is refused with the character',
    async run(server) {
      const admin = by(server);
      for (const [type, filter] of [['address', 'f = "x"'], ['geo', 'f = "x"'], ['json', 'f = "x"'], ['rich_text', 'f = "x"'], ['tags', 'f = "x"'],
        ['choices', 'f in ("nothing")'], ['address', 'f.planet = "x"'], ['json', 'f ~ "x"'], ['tags', 'f > "a"'], ['color', 'f in (1)']]) {
        const problem = expectProblem(await admin.get(`${path(type)}?filter=${q(filter)}`), 400, 'bad_expression');
        assert.ok(problem.errors[0].at >= 0, `${type} ${filter}: ${JSON.stringify(problem)}`);
      }
    },
  },
  {
    name: 'sort: ordered types sort, the others say so',
    async run(server) {
      const admin = by(server);
      await each(async (type, t) => {
        const key = typeof t.sort === 'string' ? t.sort : 'f';
        if (!t.sort && !['phone', 'url'].includes(type)) {
          const answer = await admin.get(`${path(type)}?sort=f`);
          if (type !== 'boolean') expectProblem(answer, 400, 'bad_parameter');
          return;
        }
        if (!t.sort) return;
        const names = async (sort) => expect(await admin.get(`${path(type)}?sort=${sort}`), 200).items.map((i) => i.name);
        const up = key === 'f.country' ? ['second', 'first', 'third'] : ['first', 'second', 'third'];
        assert.deepEqual((await names(`${key},id`)).slice(0, 2), up.slice(0, 2));
        if (key === 'f') assert.deepEqual(await names(`-${key}`), ['second', 'first', 'third']);
      });
    },
  },
  {
    name: 'aggregate: groups, sums and distinct counts by type',
    async run(server) {
      const admin = by(server);
      await each(async (type, t) => {
        if (t.sum !== undefined) {
          const { total } = expect(await admin.post(path(type, '/aggregate'), { measures: [{ sum: 'f' }, { avg: 'f' }, { max: 'f' }, { distinct: 'f' }] }), 200);
          assert.deepEqual(total.sum_f, t.sum);
          assert.equal(total.distinct_f, 2);
          assert.deepEqual(total.max_f, pair(type, 1)[1]);
        }
        if (t.group === undefined) return;
        const [key, wanted] = Array.isArray(t.group) && !t.many ? t.group : ['f', t.group];
        const answer = expect(await admin.post(path(type, '/aggregate'), { group: [key], measures: ['count'] }), 200);
        assert.equal(answer.total.count, 3);
        if (t.many) {
          const texts = answer.rows.map((r) => [r.f, r.count]);
          const shared = t.group.find((g) => pair(type, 1)[1].includes(g));
          assert.deepEqual(texts, [...t.group.map((g) => [g, g === shared ? 2 : 1]), [null, 1]]);
        } else {
          assert.ok(answer.rows.some((r) => JSON.stringify(r[key]) === JSON.stringify(wanted) && r.count === 1), JSON.stringify(answer));
        }
      });
    },
  },
  {
    name: 'import: every type is read from a file; what it cannot be is told by column',
    async run(server) {
      const admin = by(server);
      await each(async (type) => {
        const [text, want] = fileOf(type);
        const cell = `"${String(text).replaceAll('"', '""')}"`;
        const job = await waitForJob(admin, await upload(server, server.key, path(type, '/import'), `name,f\nfile,${cell}\n`, 'rows.csv', { mapping: { name: 'name', f: 'f' } }));
        assert.equal(job.status, 'done', JSON.stringify(job));
        assert.equal(job.result.created, 1, JSON.stringify(job.result));
        const { items } = expect(await admin.get(`${path(type)}?filter=${q('name = "file"')}`), 200);
        assert.deepEqual(items[0].f, want);
        expect(await admin.delete(path(type, `/${items[0].id}`)), 204);
      });
    },
  },
  {
    name: 'import: parts of an address and of a place stand in columns of their own',
    async run(server) {
      const admin = by(server);
      const file = 'name,省,市,街\nparts,浙江省,杭州,文一路 1 号\nwrong,江苏,杭州,x\n';
      const job = await waitForJob(admin, await upload(server, server.key, path('address', '/import'), file, 'a.csv', { mapping: { name: 'name', 省: 'f.province', 市: 'f.city', 街: 'f.street' } }));
      assert.equal(job.result.created, 1, JSON.stringify(job.result));
      assert.equal(job.result.failed, 1);
      assert.equal(job.result.errors[0].column, '市');
      const { items } = expect(await admin.get(`${path('address')}?filter=${q('name = "parts"')}`), 200);
      assert.deepEqual(items[0].f, address({ province: 'zhejiang', city: 'hangzhou', street: '文一路 1 号' }));
      const places = await waitForJob(admin, await upload(server, server.key, path('geo', '/import'), 'name,a,b\nparts,1.5,2\nhalf,1.5,\n', 'g.csv', { mapping: { name: 'name', a: 'f.lat', b: 'f.lng' } }));
      assert.deepEqual([places.result.created, places.result.failed], [1, 1], JSON.stringify(places.result));
    },
  },
  {
    name: 'history: a change of every type is told with old and new, and a restored record has it again',
    async run(server) {
      const admin = by(server);
      await each(async (type, t) => {
        const row = await create(admin, plural(type), { name: 'past', f: written(pair(type, 0)) });
        const change = t.many ? { add: t.many, remove: [pair(type, 0)[1][0]] } : written(pair(type, 1));
        const merged = type === 'address' ? { ...pair(type, 0)[1], ...pair(type, 1)[0] } : null;
        const body = type === 'address' ? { country: 'France', province: null, city: 'Paris', street: null } : change;
        const now = expect(await admin.patch(path(type, `/${row.id}`), { f: body }), 200);
        const wanted = t.many ? [...pair(type, 0)[1].slice(1), ...t.many].sort() : pair(type, 1)[1];
        assert.deepEqual(now.f, wanted, JSON.stringify(merged));
        const { items } = expect(await admin.get(path(type, `/${row.id}/history`)), 200);
        const told = items[0].changes.find((c) => c.field === 'f');
        assert.deepEqual([told.old, told.new], [pair(type, 0)[1], wanted]);
        const again = expect(await admin.patch(path(type, `/${row.id}`), { f: null }), 200);
        assert.deepEqual(again.f, t.empty ?? null);
        expect(await admin.patch(path(type, `/${row.id}`), { f: written(pair(type, 0)) }), 200);
        expect(await admin.delete(path(type, `/${row.id}`)), 204);
        assert.deepEqual(expect(await admin.post(path(type, `/${row.id}/restore`), {}), 200).f, pair(type, 0)[1]);
        if (t.many) {
          const found = expect(await admin.get(`${path(type)}?filter=${q(`name = "past" and ${t.filter}`)}`), 200);
          assert.equal(found.items.length, 1, 'the side table is back too');
        }
        expect(await admin.delete(path(type, `/${row.id}`)), 204);
      });
    },
  },
  {
    name: 'undo: a batch that set every type is taken back',
    async run(server) {
      const admin = by(server);
      await each(async (type) => {
        const [text] = fileOf(type);
        const cell = `"${String(text).replaceAll('"', '""')}"`;
        const key = unique('undo');
        const job = await waitForJob(admin, await upload(server, server.key, path(type, '/import'), `name,f,id\n${key},${cell},${key}\n`, 'rows.csv', { mapping: { name: 'name', f: 'f', id: 'external_id' } }));
        assert.equal(job.result.created, 1, JSON.stringify(job.result));
        const undone = await waitForJob(admin, await admin.post(`/batches/${job.batch}/undo`, {}));
        assert.equal(undone.status, 'done', JSON.stringify(undone));
        assert.equal(expect(await admin.get(`${path(type)}?filter=${q(`name = "${key}"`)}`), 200).items.length, 0);
      });
    },
  },
  {
    name: 'address: a patch changes the parts it names and keeps the others',
    async run(server) {
      const admin = by(server);
      const row = await create(admin, plural('address'), { name: 'merge', f: { city: 'hangzhou', street: 'a' } });
      const now = expect(await admin.patch(path('address', `/${row.id}`), { f: { street: null, district: '西湖区' } }), 200);
      assert.deepEqual(now.f, address({ province: 'zhejiang', city: 'hangzhou', district: '西湖区' }));
      const problem = expectProblem(await admin.patch(path('address', `/${row.id}`), { f: { province: 'jiangsu' } }), 422, 'validation');
      assert.ok(fieldError(problem, 'f.city'), JSON.stringify(problem));
    },
  },
  {
    name: 'registration numbers are checked, and found however they are written',
    async run(server) {
      const admin = by(server);
      expect(await admin.post('/meta/objects', { object: 'firm', plural: 'firms', title: 'name',
        fields: [{ name: 'name', type: 'text' }, { name: 'code', type: 'text', max: 18, format: 'registration_number' }] }), 201);
      const row = await create(admin, 'firms', { name: 'a', code: '91350100m000100y43' });
      assert.equal(row.code, '91350100M000100Y43');
      const found = expect(await admin.get(`/firms?filter=${q('code = "9135 0100 M000100y43"')}`), 200);
      assert.equal(found.items.length, 1);
      const problem = expectProblem(await admin.post('/firms', { name: 'b', code: '91350100M000100Y44' }), 422, 'validation');
      assert.equal(fieldError(problem, 'code').code, 'bad_check');
    },
  },
  {
    name: 'secret: kept encrypted, shown as a mask, found by = and in alone, read by who has the right',
    async run(server) {
      const admin = by(server);
      const MASK = '••••••••';
      expect(await admin.post('/meta/objects', { object: 'safe', plural: 'safes', title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'token', type: 'secret' }] }), 201);
      const made = await create(admin, 'safes', { name: 'a', token: 'top-secret-密-4711' });
      assert.equal(made.token, MASK);
      const other = await create(admin, 'safes', { name: 'b', token: 'else' });
      await create(admin, 'safes', { name: 'c' });
      const find = async (filter) => expect(await admin.get(`/safes?filter=${q(filter)}&sort=id`), 200).items;
      assert.deepEqual((await find('token = "top-secret-密-4711"')).map((r) => [r.id, r.token]), [[made.id, MASK]]);
      assert.deepEqual((await find('token in ("else", "nothing")')).map((r) => r.id), [other.id]);
      assert.deepEqual((await find('token is null')).map((r) => r.name), ['c']);
      assert.deepEqual(await find('token = "nothing"'), []);
      for (const filter of ['token != "x"', 'token ~ "top"', 'token > "a"', 'token = name', 'length(token) > 1', 'coalesce(token, "x") = "x"', 'token starts "t"', 'token between "a" and "b"']) {
        expectProblem(await admin.get(`/safes?filter=${q(filter)}`), 400, 'bad_expression');
      }
      for (const bad of ['sort=token', 'sort=-token']) expectProblem(await admin.get(`/safes?${bad}`), 400, 'bad_parameter');
      expectProblem(await admin.post('/safes/aggregate', { group: ['token'] }), 400, 'bad_parameter');
      expectProblem(await admin.post('/safes/aggregate', { measures: [{ distinct: 'token' }] }), 400, 'bad_parameter');
      assert.ok(fieldError(expectProblem(await admin.patch(`/safes/${made.id}`, { token: MASK }), 422, 'validation'), 'token'), 'the mask is no value');
      expect(await admin.patch(`/safes/${made.id}`, { token: 'second-密' }), 200);
      const history = await admin.get(`/safes/${made.id}/history`);
      assert.ok(!history.text.includes('密') && history.body.items[0].changes.some((c) => c.field === 'token' && c.new === MASK), history.text);
      expect(await admin.delete(`/safes/${made.id}`), 204);
      expect(await admin.post(`/safes/${made.id}/restore`, {}), 200);
      assert.equal((await find('token = "second-密"')).length, 1, 'the index is back too');
      const seller = expect(await admin.get('/meta/access/seller'), 200);
      seller.objects.safe = { read: 'all', fields: { token: 'read_secrets' } };
      expect(await admin.put('/meta/access/seller', seller), 200);
      const { client } = await makeUser(server, ['seller']);
      assert.equal(expect(await client.get(`/safes/${made.id}`), 200).token, 'second-密');
      assert.deepEqual(expect(await client.get('/safes?sort=id'), 200).items.map((r) => r.token), ['second-密', 'else', null]);
      assert.equal(expect(await admin.get(`/safes/${made.id}`), 200).token, MASK, 'not even administrators by default');
      seller.objects.safe.fields = { name: 'read_secrets' };
      expectProblem(await admin.put('/meta/access/seller', seller), 422, 'validation');
      const key = statSync(join(server.dir, 'key'));
      assert.equal(key.mode & 0o777, 0o600);
      for (const name of readdirSync(server.dir).filter((n) => n.startsWith('guanxi.db'))) {
        assert.ok(!readFileSync(join(server.dir, name)).includes(Buffer.from('secret-密-4711')), name);
      }
    },
  },
  {
    name: 'no type is forgotten',
    async run(server) {
      const admin = by(server);
      const doc = expect(await admin.get('/meta'), 200);
      const known = new Set([...Object.keys(types), ...elsewhere, 'id']);
      for (const object of doc.objects) for (const field of object.fields) assert.ok(known.has(field.type), `${field.type} of ${object.object}`);
      const contract = 'text long_text rich_text integer decimal percent money boolean date datetime duration choice choices link links any_link email phone url address geo file image tags auto_number formula rollup json secret rating color';
      for (const type of contract.split(' ')) assert.ok(known.has(type), type);
    },
  },
];
