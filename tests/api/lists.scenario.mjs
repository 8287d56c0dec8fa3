// SPDX-License-Identifier: Apache-2.0
// Lists: filter, sort, pages that lose and repeat nothing while others write, counts, aggregates.
import { assert, by, create, expect, expectProblem, unique, walk } from './lib.mjs';

const q = encodeURIComponent;

async function fill(admin, mark, n) {
  const made = [];
  for (let i = 0; i < n; i++) {
    made.push(await create(admin, 'accounts', {
      name: `${mark} ${String(i).padStart(3, '0')}`, english_name: mark, founded_year: i % 3 ? 1950 + (i % 7) : null,
      annual_revenue: i % 4 ? `${i * 10}.25` : null, level: ['key', 'normal', null][i % 3] ?? undefined,
    }));
  }
  return made;
}

// Levels of this organisation, whatever they are called.
async function levels(admin) {
  const list = expect(await admin.get('/meta/lists/account_level'), 200);
  return list.entries.map((entry) => entry.value);
}

export const tests = [
  {
    name: 'filters keep what is true, also through links',
    async run(server) {
      const admin = by(server);
      const mark = unique('filter');
      const [level] = await levels(admin);
      const a = await create(admin, 'accounts', { name: `${mark} a`, founded_year: 2000, level });
      const b = await create(admin, 'accounts', { name: `${mark} b`, founded_year: 2010 });
      await create(admin, 'accounts', { name: `${mark} c` });
      const names = async (filter) => expect(await admin.get(`/accounts?sort=name&filter=${q(`name starts "${mark}" and (${filter})`)}`), 200)
        .items.map((item) => item.name.at(-1)).join('');
      assert.equal(await names('founded_year >= 2000'), 'ab');
      assert.equal(await names('founded_year > 2000'), 'b');
      assert.equal(await names('not founded_year > 2000'), 'a');
      assert.equal(await names('founded_year is null'), 'c');
      assert.equal(await names('founded_year != 2000'), 'b');
      assert.equal(await names(`level = "${level}" or founded_year = 2010`), 'ab');
      assert.equal(await names('founded_year in (2000, 2010)'), 'ab');
      assert.equal(await names('founded_year between 2001 and 2020'), 'b');
      assert.equal(await names('name ~ "B"'), 'b');
      await create(admin, 'contacts', { name: mark, account: a.id });
      await create(admin, 'contacts', { name: mark, account: b.id });
      const through = expect(await admin.get(`/contacts?filter=${q(`name = "${mark}" and account.founded_year < 2005`)}`), 200);
      assert.deepEqual(through.items.map((item) => item.account.id), [a.id]);
      assert.equal(await names(`any(contacts, name = "${mark}")`), 'ab');
    },
  },
  {
    name: 'a bad expression is told at its character, with the nearest name',
    async run(server) {
      const admin = by(server);
      const problem = expectProblem(await admin.get(`/accounts?filter=${q('客户 = 1')}`), 400, 'bad_expression');
      assert.equal(problem.errors[0].at, 0);
      const near = expectProblem(await admin.get(`/accounts?filter=${q('name = "x" and fonded_year = 1')}`), 400, 'bad_expression');
      assert.equal(near.errors[0].at, 15);
      assert.equal(near.errors[0].suggestion, 'founded_year');
      for (const filter of ['name =', 'name = 1 or', '(name = "a"', 'name ~ 5', 'kind = "no_such"', 'today(']) {
        expectProblem(await admin.get(`/accounts?filter=${q(filter)}`), 400, 'bad_expression');
      }
    },
  },
  {
    name: 'parameters are read strictly',
    async run(server) {
      const admin = by(server);
      for (const path of ['/accounts?colour=1', '/accounts?limit=0', '/accounts?limit=201', '/accounts?count=many',
        '/accounts?sort=no_such', '/accounts?fields=no_such', '/accounts?expand=name', '/accounts?after=nonsense',
        '/accounts?filter=a&filter=b', '/accounts?limit=1&limit=2', '/accounts/1?colour=1']) {
        const answer = await admin.get(path);
        assert.equal(answer.status, 400, `${path}: ${answer.status} ${answer.text}`);
        assert.match(answer.body.code, /^bad_(parameter|expression)$/);
      }
      const unknown = expectProblem(await admin.get('/accounts?colour=1'), 400, 'bad_parameter');
      assert.match(JSON.stringify(unknown), /colour/);
      expectProblem(await admin.get('/no_such_things'), 404, 'not_found');
    },
  },
  {
    name: 'sorted both ways, empty values come last, every page fits the next',
    async run(server) {
      const admin = by(server);
      const mark = unique('sort');
      const [one, two] = await levels(admin);
      for (let i = 0; i < 40; i++) {
        await create(admin, 'accounts', {
          name: `${mark} ${(i * 17) % 40}`, founded_year: i % 3 ? 1950 + (i % 7) : null, level: [one, two, null][i % 3],
        });
      }
      for (const sort of ['founded_year', '-founded_year', 'founded_year,-name', '-founded_year,name', 'level,founded_year', 'name', '-id', '-updated_at']) {
        const path = `/accounts?count=none&sort=${sort}&filter=${q(`name starts "${mark}"`)}`;
        const whole = expect(await admin.get(`${path}&limit=200`), 200).items;
        assert.equal(whole.length, 40);
        const paged = await walk(admin, path, 7);
        assert.deepEqual(paged.map((item) => item.id), whole.map((item) => item.id), sort);
      }
      for (const [sort, sign] of [['founded_year', 1], ['-founded_year', -1]]) {
        const { items } = expect(await admin.get(`/accounts?limit=200&sort=${sort}&filter=${q(`name starts "${mark}"`)}`), 200);
        const years = items.map((item) => item.founded_year);
        const empty = years.indexOf(null);
        assert.ok(years.slice(empty).every((year) => year === null));
        years.slice(0, empty).reduce((a, b) => { assert.ok((b - a) * sign >= 0); return b; });
      }
    },
  },
  {
    name: 'walking pages while others insert and delete: nothing twice, nothing left out',
    async run(server) {
      const admin = by(server);
      const mark = unique('walk');
      const made = await fill(admin, mark, 60);
      const gone = new Set();
      let turn = 0;
      const seen = await walk(admin, `/accounts?sort=-founded_year,name&filter=${q(`english_name = "${mark}"`)}`, 7, async (items) => {
        turn++;
        const victim = made[(turn * 13) % made.length];
        if (!items.some((item) => item.id === victim.id) && !gone.has(victim.id)) {
          gone.add(victim.id);
          expect(await admin.delete(`/accounts/${victim.id}`), 204);
        }
        await create(admin, 'accounts', { name: `${mark} new ${turn}`, english_name: mark, founded_year: 1950 + turn });
      });
      const ids = seen.map((item) => item.id);
      assert.equal(new Set(ids).size, ids.length, 'a row came twice');
      for (const row of made) {
        if (!gone.has(row.id)) assert.ok(ids.includes(row.id), `${row.name} was left out`);
      }
      assert.ok(gone.size > 0);
    },
  },
  {
    name: 'a cursor belongs to its list',
    async run(server) {
      const admin = by(server);
      const mark = unique('cursor');
      await fill(admin, mark, 5);
      const page = expect(await admin.get(`/accounts?limit=2&sort=name&filter=${q(`english_name = "${mark}"`)}`), 200);
      assert.ok(page.next);
      for (const path of [`/accounts?limit=2&sort=-name&filter=${q(`english_name = "${mark}"`)}`, '/accounts?limit=2&sort=name', '/contacts?limit=2&sort=name']) {
        expectProblem(await admin.get(`${path}&after=${q(page.next)}`), 400, 'bad_parameter');
      }
    },
  },
  {
    name: 'counts are exact, capped or left out; fields and links as asked for',
    async run(server) {
      const admin = by(server);
      const mark = unique('count');
      const made = await fill(admin, mark, 4);
      const filter = `filter=${q(`english_name = "${mark}"`)}`;
      assert.deepEqual(expect(await admin.get(`/accounts?${filter}&limit=1`), 200).count, { value: 4, exact: true });
      assert.deepEqual(expect(await admin.get(`/accounts?${filter}&count=exact`), 200).count, { value: 4, exact: true });
      assert.ok(!expect(await admin.get(`/accounts?${filter}&count=none`), 200).count);
      const c = await create(admin, 'contacts', { name: mark, account: made[1].id });
      const thin = expect(await admin.get(`/contacts?filter=${q(`name = "${mark}"`)}&fields=name,account.english_name`), 200).items[0];
      assert.equal(thin.name, mark);
      assert.ok(!('email' in thin));
      assert.match(JSON.stringify(thin), new RegExp(`"english_name":"${mark}"|"account.english_name":"${mark}"`));
      const wide = expect(await admin.get(`/contacts/${c.id}?expand=account`), 200);
      assert.equal(wide.account.english_name, mark);
      const body = expect(await admin.post('/accounts/query', { filter: `english_name = "${mark}"`, sort: ['-name'], limit: 2 }), 200);
      const url = expect(await admin.get(`/accounts?${filter}&sort=-name&limit=2`), 200);
      assert.deepEqual(body.items, url.items);
      expectProblem(await admin.post('/accounts/query', { colour: 1 }), 400, 'bad_parameter');
    },
  },
  {
    name: 'aggregates agree with the records one by one',
    async run(server) {
      const admin = by(server);
      const mark = unique('sum');
      await fill(admin, mark, 30);
      const { items } = expect(await admin.get(`/accounts?limit=200&filter=${q(`english_name = "${mark}"`)}`), 200);
      const answer = expect(await admin.post('/accounts/aggregate', {
        group: ['founded_year'], measures: ['count', { sum: 'annual_revenue' }, { min: 'annual_revenue' }, { avg: 'annual_revenue' }],
        filter: `english_name = "${mark}"`,
      }), 200);
      const cents = (money) => BigInt(money.value.replace('.', ''));
      const groups = Map.groupBy?.(items, (item) => item.founded_year)
        ?? items.reduce((map, item) => map.set(item.founded_year, [...(map.get(item.founded_year) ?? []), item]), new Map());
      assert.equal(answer.rows.length, groups.size);
      for (const row of answer.rows) {
        const group = groups.get(row.founded_year);
        const values = group.map((item) => item.annual_revenue).filter(Boolean).map(cents);
        assert.equal(row.count, group.length);
        const sum = values.reduce((a, b) => a + b, 0n);
        if (values.length) assert.equal(cents(row.sum_annual_revenue), sum);
      }
      assert.equal(answer.total.count, 30);
      expectProblem(await admin.post('/accounts/aggregate', { group: ['no_such'], measures: ['count'] }), 400, 'bad_parameter');
    },
  },
];
