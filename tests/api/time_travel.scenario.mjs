// SPDX-License-Identifier: Apache-2.0
// Time travel: lists, counts, aggregates, records, related lists as of a time; rights are those of now. Saved views.
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const q = encodeURIComponent;
const pause = (ms = 5) => new Promise((done) => setTimeout(done, ms));

// The server's clock, between two changes.
async function instant() {
  await pause();
  const at = new Date().toISOString();
  await pause();
  return at;
}

export const tests = [
  {
    name: 'lists, counts, aggregates, records and related lists stand as they stood',
    async run(server) {
      const admin = by(server);
      const mark = unique('past');
      const before = await instant();
      const a = await create(admin, 'accounts', { name: `${mark} a`, founded_year: 2000 });
      const b = await create(admin, 'accounts', { name: `${mark} b`, founded_year: 2001 });
      const c = await create(admin, 'contacts', { name: mark, account: a.id });
      const then = await instant();
      expect(await admin.patch(`/accounts/${a.id}`, { name: `${mark} renamed`, founded_year: 2002 }), 200);
      expect(await admin.patch(`/contacts/${c.id}`, { account: b.id }), 200);
      expect(await admin.delete(`/accounts/${a.id}`), 204);
      const mine = q(`name starts "${mark}"`);
      const list = async (as_of, more = '') => expect(await admin.get(`/accounts?filter=${mine}&sort=founded_year&count=exact${as_of && `&as_of=${q(as_of)}`}${more}`), 200);
      assert.deepEqual((await list('')).items.map((item) => item.name), [`${mark} b`]);
      const past = await list(then);
      assert.deepEqual(past.items.map((item) => [item.name, item.founded_year, item.version]), [[`${mark} a`, 2000, 1], [`${mark} b`, 2001, 1]]);
      assert.deepEqual(past.count, { value: 2, exact: true });
      assert.equal((await list(before)).count.value, 0);
      const contact = expect(await admin.get(`/contacts/${c.id}?as_of=${q(then)}`), 200);
      assert.deepEqual(contact.account, { id: a.id, title: `${mark} a` });
      assert.equal(expect(await admin.get(`/contacts/${c.id}`), 200).account.id, b.id);
      expectProblem(await admin.get(`/contacts/${c.id}?as_of=${q(before)}`), 404, 'not_found');
      expectProblem(await admin.get(`/accounts/${a.id}`), 410, 'gone');
      assert.equal(expect(await admin.get(`/accounts/${a.id}?as_of=${q(then)}`), 200).name, `${mark} a`);
      const related = expect(await admin.get(`/accounts/${a.id}/related/contacts?as_of=${q(then)}`), 200);
      assert.deepEqual(related.items.map((item) => item.id), [c.id]);
      assert.equal(expect(await admin.get(`/accounts/${b.id}/related/contacts?as_of=${q(then)}`), 200).items.length, 0);
      const path = expect(await admin.post('/contacts/query', { filter: `name = "${mark}" and account.founded_year = 2000`, fields: ['name', 'account.name'], as_of: then }), 200);
      assert.equal(path.items[0]['account.name'], `${mark} a`);
      const sums = async (as_of) => expect(await admin.post('/accounts/aggregate', { measures: ['count', { max: 'founded_year' }], filter: `name starts "${mark}"`, as_of }), 200).total;
      assert.deepEqual(await sums(then), { count: 2, max_founded_year: 2001 });
      assert.deepEqual(await sums(null), { count: 1, max_founded_year: 2001 });
    },
  },
  {
    name: 'roll-ups and formulas of the past are computed from what stood then: shown, filtered, sorted, grouped, through a link',
    async run(server) {
      const admin = by(server);
      const parent = unique('box').replace('-', '_');
      const child = unique('thing').replace('-', '_');
      expect(await admin.post('/meta/objects', { object: parent, plural: `${parent}s`, fields: [{ name: 'name', type: 'text' }] }), 201);
      expect(await admin.post('/meta/objects', { object: child, plural: `${child}s`, fields: [
        { name: 'name', type: 'text' }, { name: 'box', type: 'link', to: parent, inverse: 'things' }, { name: 'weight', type: 'integer' },
      ] }), 201);
      const add = async (field) => expect(await admin.post(`/meta/objects/${parent}/fields`, field), 201);
      await add({ name: 'things_count', type: 'rollup', of: 'count(things)' });
      await add({ name: 'heavy', type: 'rollup', of: 'sum(things, weight, weight > 1)' });
      await add({ name: 'doubled', type: 'formula', of: 'things_count * 2', result: 'integer' });
      await pause(300);
      const a = await create(admin, `${parent}s`, { name: 'a' });
      const b = await create(admin, `${parent}s`, { name: 'b' });
      const one = await create(admin, `${child}s`, { name: '1', box: a.id, weight: 5 });
      const two = await create(admin, `${child}s`, { name: '2', box: a.id, weight: 7 });
      const then = await instant();
      expect(await admin.delete(`/${child}s/${one.id}`), 204);
      expect(await admin.patch(`/${child}s/${two.id}`, { box: b.id, weight: 1 }), 200);
      await create(admin, `${child}s`, { name: '3', box: b.id, weight: 1 });
      const rows = async (more, as_of) => expect(await admin.get(`/${parent}s?${more}${as_of ? `&as_of=${q(as_of)}` : ''}`), 200).items;
      const figures = (r) => [r.name, r.things_count, r.heavy ?? null, r.doubled];
      assert.deepEqual((await rows('sort=name')).map(figures), [['a', 0, null, 0], ['b', 2, null, 4]]);
      assert.deepEqual((await rows('sort=name', then)).map(figures), [['a', 2, 12, 4], ['b', 0, null, 0]]);
      assert.deepEqual(figures(expect(await admin.get(`/${parent}s/${a.id}?as_of=${q(then)}`), 200)), ['a', 2, 12, 4]);
      assert.deepEqual((await rows(`filter=${q('things_count > 1')}`, then)).map((r) => r.name), ['a']);
      assert.deepEqual((await rows('sort=-doubled', then)).map((r) => r.name), ['a', 'b']);
      const sum = async (as_of) => expect(await admin.post(`/${parent}s/aggregate`, { measures: [{ sum: 'things_count' }], as_of }), 200).total;
      assert.deepEqual([(await sum(then)).sum_things_count, (await sum(null)).sum_things_count], [2, 2]);
      const linked = expect(await admin.post(`/${child}s/query`, { fields: ['box.things_count', 'box.heavy'], sort: ['name'], as_of: then }), 200).items;
      assert.deepEqual(linked.map((r) => [r['box.things_count'], r['box.heavy']]), [[2, 12], [2, 12]]);
      const long = new Date(Date.now() - 86400000).toISOString();
      assert.deepEqual(await rows('sort=name', long), []);
    },
  },
  {
    name: 'pages of the past stand still while others write',
    async run(server) {
      const admin = by(server);
      const mark = unique('still');
      const made = [];
      for (let i = 0; i < 7; i++) made.push(await create(admin, 'accounts', { name: `${mark} ${i}`, founded_year: 1990 + i }));
      const at = await instant();
      const path = `/accounts?filter=${q(`name starts "${mark}"`)}&sort=-founded_year&limit=3&as_of=${q(at)}`;
      const seen = [];
      for (let after = ''; after !== null;) {
        const page = expect(await admin.get(`${path}${after && `&after=${after}`}`), 200);
        seen.push(...page.items.map((item) => item.founded_year));
        for (const { id } of made) expect(await admin.patch(`/accounts/${id}`, { founded_year: 1900 + seen.length }), 200);
        after = page.next;
        if (after) {
          const other = new Date(Date.parse(at) - 1).toISOString();
          expectProblem(await admin.get(`${path.replace(q(at), q(other))}&after=${after}`), 400, 'bad_parameter');
        }
      }
      assert.deepEqual(seen, [1996, 1995, 1994, 1993, 1992, 1991, 1990]);
    },
  },
  {
    name: 'rights are those of now: what is not seen today is not seen in the past',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const other = await makeUser(server, ['seller']);
      const mark = unique('rights');
      const given = await create(seller.client, 'accounts', { name: `${mark} given`, owner: seller.id });
      const kept = await create(seller.client, 'accounts', { name: `${mark} kept`, owner: seller.id });
      const gone = await create(seller.client, 'accounts', { name: `${mark} gone`, owner: seller.id });
      const taken = await create(admin, 'accounts', { name: `${mark} taken`, owner: other.id });
      const then = await instant();
      expect(await admin.patch(`/accounts/${given.id}`, { owner: other.id }), 200);
      expect(await admin.patch(`/accounts/${taken.id}`, { owner: seller.id }), 200);
      expect(await admin.delete(`/accounts/${gone.id}`), 204);
      const scope = expect(await seller.client.get('/me'), 200).rights.objects.account.read;
      const path = `/accounts?filter=${q(`name starts "${mark}"`)}&sort=name&as_of=${q(then)}`;
      const names = (answer) => expect(answer, 200).items.map((item) => item.name.slice(mark.length + 1));
      const all = ['given', 'gone', 'kept', 'taken'];
      assert.deepEqual(names(await admin.get(path)), all);
      assert.deepEqual(names(await seller.client.get(path)), scope === 'all' ? all : ['gone', 'kept', 'taken']);
      if (scope !== 'all') expectProblem(await seller.client.get(`/accounts/${given.id}?as_of=${q(then)}`), 404, 'not_found');
      assert.equal(expect(await seller.client.get(`/accounts/${kept.id}?as_of=${q(then)}`), 200).id, kept.id);
      const count = expect(await seller.client.post('/accounts/aggregate', { filter: `name starts "${mark}"`, as_of: then }), 200).total.count;
      assert.equal(count, scope === 'all' ? 4 : 3);
    },
  },
  {
    name: 'a time that is none is refused; a day means its end',
    async run(server) {
      const admin = by(server);
      for (const path of ['/accounts?as_of=yesterday', '/accounts/1?as_of=2026-02-30', '/accounts?as_of=2026-03-01T08:00:00']) {
        const problem = expectProblem(await admin.get(path), 400, 'bad_parameter');
        assert.equal(problem.errors[0].field, 'as_of');
      }
      expectProblem(await admin.post('/accounts/aggregate', { as_of: 5 }), 400, 'bad_parameter');
      assert.equal(expect(await admin.get('/accounts?as_of=2020-01-01&count=exact'), 200).count.value, 0);
      const made = await create(admin, 'accounts', { name: unique('day') });
      const tomorrow = new Date(Date.now() + 86400000).toISOString().slice(0, 10);
      assert.equal(expect(await admin.get(`/accounts?as_of=${tomorrow}&limit=1`), 200).items[0].id, made.id);
    },
  },
  {
    name: 'a saved view gives filter, sort and columns',
    async run(server) {
      const admin = by(server);
      const me = expect(await admin.get('/me'), 200).user;
      const mark = unique('view');
      const mine = await create(admin, 'accounts', { name: `${mark} b`, owner: me.id });
      const user = await makeUser(server, ['seller']);
      await create(admin, 'accounts', { name: `${mark} a`, owner: user.id });
      const path = `filter=${q(`name starts "${mark}" or name = "x"`)}`;
      const list = expect(await admin.get(`/accounts?view=mine&${path}`), 200);
      assert.deepEqual(list.items.map((item) => item.id), [mine.id]);
      assert.equal(expect(await admin.get(`/accounts?view=all&${path}&sort=name`), 200).items.length, 2);
      const bad = expectProblem(await admin.get('/accounts?view=no_such'), 400, 'bad_parameter');
      assert.equal(bad.errors[0].field, 'view');
      const error = expectProblem(await admin.get(`/accounts?view=mine&filter=${q('name = 1 x')}`), 400, 'bad_expression');
      assert.ok(error.errors[0].at >= 5);
    },
  },
];
