// SPDX-License-Identifier: Apache-2.0
// Amounts of lines and totals of orders are the server's: computed where a body, a file or a batch leaves them out,
// refused where they contradict, and following every line whatever way it is written.
import { assert, by, create, expect, expectProblem, fieldError, unique, upload, waitForJob } from './lib.mjs';

const q = encodeURIComponent;
const CNY = (value) => ({ value, currency: 'CNY' });

async function account(client) {
  return create(client, 'accounts', { name: unique('买家') });
}

const orderOf = async (client, id) => expect(await client.get(`/orders/${id}`), 200);
const linesOf = async (client, id) => expect(await client.get(`/order_lines?sort=id&filter=${q(`order = "${id}"`)}`), 200).items;

async function made(client, lines, more = {}) {
  const { id } = await account(client);
  return create(client, 'orders', { account: id, placed_on: '2026-03-01', order_lines: lines, ...more });
}

async function comesTo(client, id, total) {
  let last;
  for (let i = 0; i < 100; i++) {
    last = (await orderOf(client, id)).total?.value;
    if (last === total) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`the total is ${last}, not ${total}`);
}

async function bring(server, plural, text, options) {
  const job = await waitForJob(by(server), await upload(server, server.key, `/${plural}/import`, text, 'x.csv', options));
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job;
}

export const tests = [
  {
    name: 'left out, amounts and the total are computed: exact, rounded once, half to even',
    async run(server) {
      const admin = by(server);
      const order = await made(admin, [
        { name: 'a', quantity: '3', price: '10.005' }, // 30.015 → 30.02
        { name: 'b', quantity: '1', price: '0.125' }, // → 0.12
        { name: 'c', quantity: '1', price: '0.135' }, // → 0.14
        { name: 'd', quantity: '0.3333', price: '99.999999', discount_rate: '12.5' }, // 29.1637…
        { name: 'e', quantity: '90000', price: '99999999.999999', discount_rate: '100' }, // 0
      ], { discount: '0.25', shipping_fee: '8' });
      assert.deepEqual((await linesOf(admin, order.id)).map((l) => l.amount), ['30.02', '0.12', '0.14', '29.16', '0.00'].map(CNY));
      assert.deepEqual(order.total, CNY('67.19'));
      assert.deepEqual((await orderOf(admin, order.id)).total, CNY('67.19'));
      const dear = expectProblem(await admin.post('/orders', { account: order.account.id, placed_on: '2026-03-01', order_lines: [{ name: 'x', quantity: '99999999999999', price: '999999999999' }] }), 422, 'validation');
      assert.equal(fieldError(dear, 'order_lines[0].amount').code, 'out_of_range');
    },
  },
  {
    name: 'what contradicts is refused with the right figure, in both languages; what agrees is taken',
    async run(server) {
      const admin = by(server);
      const { id } = await account(admin);
      const body = { account: id, placed_on: '2026-03-01', total: '21', order_lines: [{ name: 'a', quantity: '2', price: '10', amount: '21' }] };
      const zh = expectProblem(await admin.post('/orders', body, { 'Accept-Language': 'zh-CN' }), 422, 'validation');
      assert.equal(fieldError(zh, 'order_lines[0].amount').message, '与数量 × 单价减折扣不符，应为 20.00');
      const en = expectProblem(await admin.post('/orders', { ...body, order_lines: [{ name: 'a', quantity: '2', price: '10', amount: '20' }] }, { 'Accept-Language': 'en' }), 422, 'validation');
      assert.equal(fieldError(en, 'total').message, 'is not the sum of the lines less discount, with shipping: 20.00');
      assert.equal(fieldError(en, 'total').code, 'contradicts');
      assert.equal(expect(await admin.get(`/orders?filter=${q(`account = "${id}"`)}`), 200).items.length, 0, 'nothing is left of the refused');
      const order = await create(admin, 'orders', { ...body, total: '20', order_lines: [{ name: 'a', quantity: '2', price: '10', amount: '20.00' }] });
      const [line] = await linesOf(admin, order.id);
      for (const wrong of [{ amount: '19' }, { quantity: '3', amount: '21' }, { amount: { value: '20', currency: 'USD' } }]) {
        const problem = expectProblem(await admin.patch(`/order_lines/${line.id}`, wrong), 422, 'validation');
        assert.ok(fieldError(problem, 'amount'), JSON.stringify(problem));
      }
      assert.deepEqual(expect(await admin.patch(`/order_lines/${line.id}`, { quantity: '3', amount: '20' }), 200).amount, CNY('30.00'), 'a figure sent back as it stood is not a new one');
      expect(await admin.patch(`/order_lines/${line.id}`, { quantity: '2' }), 200);
      expectProblem(await admin.patch(`/orders/${order.id}`, { total: '19' }), 422, 'validation');
      expectProblem(await admin.patch(`/orders/${order.id}`, { discount: '1', total: '21' }), 422, 'validation');
      assert.deepEqual(expect(await admin.patch(`/orders/${order.id}`, { discount: '1', total: '19' }), 200).total, CNY('19.00'));
      const loose = await create(admin, 'orders', { account: id, placed_on: '2026-03-01', total: '77' });
      assert.deepEqual(loose.total, CNY('77.00'), 'an order without lines has the total that it is given');
      const none = expectProblem(await admin.post('/orders', { account: id, placed_on: '2026-03-01' }), 422, 'validation');
      assert.equal(fieldError(none, 'total').code, 'required');
    },
  },
  {
    name: 'the total follows its lines: in the body, by themselves, moved, deleted, in bulk, and back by undo',
    async run(server) {
      const admin = by(server);
      const order = await made(admin, [{ name: 'a', quantity: '1', price: '10' }, { name: 'b', quantity: '2', price: '5' }]);
      const other = await made(admin, [{ name: 'z', quantity: '1', price: '100' }]);
      const total = async (id) => (await orderOf(admin, id)).total.value;
      const [a, b] = await linesOf(admin, order.id);
      const now = expect(await admin.patch(`/orders/${order.id}`, { order_lines: [{ id: a.id, quantity: '3' }, { id: b.id, delete: true }, { name: 'c', quantity: '1', price: '1.5' }] }), 200);
      assert.equal(now.total.value, '31.50');
      expect(await admin.patch(`/order_lines/${a.id}`, { price: '20' }), 200);
      assert.equal(await total(order.id), '61.50');
      const added = await create(admin, 'order_lines', { order: order.id, name: 'd', quantity: '1', price: '8.5', discount_rate: '50' });
      assert.deepEqual(added.amount, CNY('4.25'));
      assert.equal(await total(order.id), '65.75');
      expect(await admin.patch(`/order_lines/${added.id}`, { order: other.id }), 200);
      assert.deepEqual([await total(order.id), await total(other.id)], ['61.50', '104.25']);
      expect(await admin.delete(`/order_lines/${added.id}`), 204);
      assert.equal(await total(other.id), '100.00');
      expect(await admin.post(`/order_lines/${added.id}/restore`, {}), 200);
      assert.equal(await total(other.id), '104.25', 'a line brought back by itself counts again');
      expect(await admin.delete(`/orders/${other.id}`), 204);
      expect(await admin.post(`/orders/${other.id}/restore`, {}), 200);
      assert.equal(await total(other.id), '104.25', 'an order comes back with its lines and its total');
      const before = (await orderOf(admin, order.id)).version;
      expect(await admin.patch(`/order_lines/${a.id}`, { note: 'nothing of the amount' }), 200);
      assert.equal((await orderOf(admin, order.id)).version, before, 'a note of a line does not write its order');
      const bulk = await waitForJob(admin, await admin.post('/order_lines/bulk', { filter: `order = "${order.id}"`, set: { discount_rate: '10' } }));
      assert.equal(bulk.status, 'done', JSON.stringify(bulk));
      assert.equal(await total(order.id), '55.35');
      assert.deepEqual((await linesOf(admin, order.id)).map((l) => l.amount.value), ['54.00', '1.35']);
      const undone = await waitForJob(admin, await admin.post(`/batches/${bulk.batch}/undo`, {}));
      assert.equal(undone.status, 'done', JSON.stringify(undone));
      assert.equal(await total(order.id), '61.50');
      expect(await admin.patch(`/orders/${order.id}`, { order_lines: (await linesOf(admin, order.id)).map((l) => ({ id: l.id, delete: true })) }), 200);
      assert.equal(await total(order.id), '0.00');
    },
  },
  {
    name: 'many writers of lines of one order at once: the total is their sum',
    async run(server) {
      const admin = by(server);
      const order = await made(admin, [{ name: 'first', quantity: '1', price: '1' }]);
      const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => admin.post('/order_lines', { order: order.id, name: `n${i}`, quantity: `${i + 1}`, price: '1.01' })));
      const added = answers.filter((r) => r.status === 201);
      for (const r of answers) assert.ok([201, 409, 503].includes(r.status), r.text);
      assert.ok(added.length > 0);
      const sum = added.reduce((s, r) => s + Math.round(Number(r.body.amount.value) * 100), 100);
      assert.equal(Math.round(Number((await orderOf(admin, order.id)).total.value) * 100), sum);
    },
  },
  {
    name: 'a batch with lines of one order, or the order itself, counts it behind; an import settles each order once',
    async run(server) {
      const admin = by(server);
      const order = await made(admin, [{ name: 'a', quantity: '1', price: '10' }]);
      const post = (name, of = order.id) => ({ method: 'POST', path: '/order_lines', body: { order: of, name, quantity: '1', price: '1' } });
      const { account } = await orderOf(admin, order.id);
      const answers = expect(await admin.post('/batch', { requests: [
        { ref: 'o', method: 'POST', path: '/orders', body: { account: account.id, placed_on: '2026-03-01', total: '5' } }, post('x', '$o.id'), post('y', '$o.id'), post('x'), post('y')] }), 200);
      await comesTo(admin, order.id, '12.00');
      await comesTo(admin, answers.items[0].body.id, '2.00');
      expect(await admin.post('/batch', { requests: [post('z')] }), 200);
      assert.equal((await orderOf(admin, order.id)).total.value, '13.00', 'a line alone counts at once');
      for (const line of (await linesOf(admin, order.id)).filter((l) => l.name !== 'a')) expect(await admin.delete(`/order_lines/${line.id}`), 204);
      expect(await admin.post('/batch', { requests: [post('x')] }), 200);
      const rows = Array.from({ length: 150 }, (_, i) => `${order.number},L${i},2,0.25,${i % 2 ? '0.50' : ''},k${order.number}-${i}`);
      const job = await bring(server, 'order_lines', `order,name,quantity,price,amount,external_id\n${rows.join('\n')}\n${order.number},bad,2,1,3,\n`, { mode: 'create' });
      assert.deepEqual([job.result.created, job.result.failed], [150, 1], JSON.stringify(job.result));
      assert.deepEqual([job.result.errors[0].row, job.result.errors[0].column, job.result.errors[0].code], [151, 'amount', 'contradicts']);
      assert.equal((await orderOf(admin, order.id)).total.value, '86.00');
      const again = await bring(server, 'order_lines', `name,quantity,external_id\n${rows.slice(0, 100).map((_, i) => `L${i},4,k${order.number}-${i}`).join('\n')}\n`, { mode: 'update', key: ['external_id'] });
      assert.equal(again.result.updated, 100, JSON.stringify(again.result));
      assert.equal((await orderOf(admin, order.id)).total.value, '136.00');
      const undone = await waitForJob(admin, await admin.post(`/batches/${job.batch}/undo`, {}));
      assert.equal(undone.status, 'done');
    },
  },
  {
    name: 'lines of an opportunity have their amounts by the same rule',
    async run(server) {
      const admin = by(server);
      const { id } = await account(admin);
      const deal = await create(admin, 'opportunities', { name: unique('单'), account: id, opportunity_lines: [{ name: 'a', quantity: '3', price: '9.99', discount_rate: '10' }, { name: 'open', quantity: '1' }] });
      const lines = expect(await admin.get(`/opportunity_lines?sort=id&filter=${q(`opportunity = "${deal.id}"`)}`), 200).items;
      assert.deepEqual(lines.map((l) => l.amount), [CNY('26.97'), null]);
      expectProblem(await admin.patch(`/opportunity_lines/${lines[0].id}`, { amount: '30' }), 422, 'validation');
    },
  },
];
