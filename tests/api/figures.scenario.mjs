// SPDX-License-Identifier: Apache-2.0
// The page of figures: each number is the count of the records its filter finds, 80/20 and RFM of orders too, under the reader's rights.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

const DAY = 86_400_000;
const q = encodeURIComponent;
const shanghai = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
const day = (n) => shanghai(Date.now() + n * DAY);
const figures = async (client, query = '') => expect(await client.get(`/me/figures?${query}`), 200);
const count = async (client, plural, filter) => expect(await client.get(`/${plural}?filter=${q(filter)}&limit=1&count=exact`), 200).count.value;
const pluralOf = async (client) => new Map(expect(await client.get('/meta'), 200).objects.map((o) => [o.object, o.plural]));

/** Customers with orders of which we know all: n orders of an amount, the last so many days ago. */
async function buyers(client) {
  const made = [];
  for (const [orders, amount, last] of [[6, '1000', 1], [4, '500', 10], [3, '200', 40], [2, '100', 90], [1, '50', 200], [1, '30', 400], [2, '20', 20]]) {
    const account = await create(client, 'accounts', { name: unique('买家') });
    for (let i = 0; i < orders; i++) await create(client, 'orders', { account: account.id, placed_on: day(-last - i), total: amount, status: 'confirmed' });
    made.push({ account, orders, sum: orders * Number(amount), last });
  }
  await create(client, 'orders', { account: made[5].account.id, placed_on: day(-1), total: '999999', status: 'cancelled' });
  await create(client, 'orders', { account: made[5].account.id, placed_on: day(-1000), total: '999999', status: 'confirmed' });
  return made;
}

export const tests = [
  {
    name: 'every figure is the count of its filter, in each scope and period',
    async run(server) {
      const { client } = await makeUser(server, ['sales_manager']);
      const account = await create(client, 'accounts', { name: unique('客户') });
      await create(client, 'opportunities', { name: '在谈', account: account.id, amount: '1200', expected_close_on: day(20) });
      await create(client, 'followups', { about: { object: 'account', id: account.id }, method: 'phone', content: '谈了' });
      const plurals = await pluralOf(client);
      for (const query of ['scope=mine', 'scope=all&period=quarter', 'scope=mine&period=year']) {
        const { cards } = await figures(client, query);
        assert.ok(Object.keys(cards).length >= 12, Object.keys(cards).join());
        for (const [name, card] of Object.entries(cards)) {
          const n = await count(client, plurals.get(card.object), card.filter);
          const said = card.list ? Math.min(8, n) : card.aggregate.total.count;
          assert.equal(card.list ? card.list.items.length : said, card.list ? said : n, `${query} ${name}`);
        }
      }
      const { cards } = await figures(client, 'scope=mine');
      assert.deepEqual([cards.funnel.aggregate.total.count, cards.customers.aggregate.total.count, cards.followups.aggregate.total.count], [1, 1, 1]);
      assert.equal(cards.expected.aggregate.rows[0].sum_amount.value, '1200.00');
    },
  },
  {
    name: '80/20 and RFM of orders: cancelled and old ones do not count, every cell opens the customers that it counts',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const made = await buyers(client);
      const { buyers: told } = await figures(client, 'scope=mine');
      const sum = made.reduce((s, b) => s + b.sum, 0);
      assert.deepEqual([told.n, told.cut, told.pareto.total], [7, false, sum]);
      // 6000 of 8920 are 67 %, with the next 2000 90 %: two customers reach 80 %
      assert.equal(told.pareto.reach, 2);
      assert.equal(await count(client, 'accounts', told.pareto.filter), 2);
      assert.deepEqual(told.top.map((r) => r.account.id).slice(0, 2), [made[0].account.id, made[1].account.id]);
      assert.equal(told.rfm.reduce((s, c) => s + c.count, 0), 7);
      assert.ok(Math.abs(told.rfm.reduce((s, c) => s + c.sum, 0) - sum) < 0.01);
      for (const cell of told.rfm) assert.equal(await count(client, 'accounts', cell.filter), cell.count, `R${cell.r} F${cell.f}: ${cell.filter}`);
      const best = told.rfm.find((c) => c.r === 5 && c.f === 5);
      const of = expect(await client.get(`/accounts?filter=${q(best.filter)}`), 200).items.map((a) => a.id).sort();
      assert.deepEqual(of, [made[0].account.id, made[1].account.id].sort(), 'who bought lately and often');
    },
  },
  {
    name: 'rights are those of lists: others\' orders are not in it, without orders there are no buyers, words are checked',
    async run(server) {
      const one = await makeUser(server, ['seller']);
      await create(one.client, 'orders', { account: (await create(one.client, 'accounts', { name: unique('甲') })).id, placed_on: day(-1), total: '10', status: 'confirmed' });
      const other = await makeUser(server, ['seller']);
      const seen = (await figures(other.client, 'scope=all')).buyers;
      assert.deepEqual([seen.n, seen.pareto, seen.rfm, seen.top], [0, null, null, []]);
      assert.equal((await figures(one.client, 'scope=all')).buyers.n, 1);
      const code = unique('noorders').replaceAll('-', '_');
      const admin = by(server);
      await create(admin, 'roles', { code, name: code });
      expect(await admin.put(`/meta/access/${code}`, { role: code, objects: { account: { read: 'own', create: true, update: 'own', delete: 'none', export: 'none', import: false, share: 'none', transfer: 'none', bulk: 'none' } }, system: [] }), 200);
      const blind = await figures((await makeUser(server, [code])).client);
      assert.equal(blind.buyers, null);
      assert.ok(!('orders' in blind.cards) && !('funnel' in blind.cards) && 'customers' in blind.cards, Object.keys(blind.cards).join());
      assert.ok(fieldError(expectProblem(await admin.get('/me/figures?period=week'), 400, 'bad_parameter'), 'period'));
      assert.ok(fieldError(expectProblem(await admin.get('/me/figures?scope=theirs'), 400, 'bad_parameter'), 'scope'));
      expectProblem(await by(server, '').get('/me/figures'), 401, 'unauthenticated');
    },
  },
];
