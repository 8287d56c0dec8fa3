// SPDX-License-Identifier: Apache-2.0
// Lines in their parent's body: created, changed, moved, deleted with it in one transaction; errors name the
// line; rights are those of the parent; rules and rollups of the parent see the lines as they will be.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, waitForJob } from './lib.mjs';

const sale = {
  object: 'sale', plural: 'sales', title: 'name', traits: ['owned'],
  fields: [{ name: 'name', type: 'text', required: true }, { name: 'limit', type: 'money', scale: 2 }],
};
const saleLine = {
  object: 'sale_line', plural: 'sale_lines', title: 'item', traits: ['line'],
  fields: [
    { name: 'sale', type: 'link', to: 'sale', required: true }, { name: 'item', type: 'text', required: true, max: 20 }, { name: 'quantity', type: 'decimal', scale: 2, min: '0' },
    { name: 'amount', type: 'money', scale: 2 }, { name: 'cost', type: 'money', scale: 2 },
  ],
};
async function ready(server) {
  const admin = by(server);
  if ((await admin.get('/meta/objects/sale')).status === 200) return admin;
  for (const object of [sale, saleLine]) expect(await admin.post('/meta/objects', object), 201);
  expect(await admin.post('/meta/objects/sale/fields', { name: 'total', type: 'rollup', of: 'sum(sale_lines, amount)' }), 201);
  expect(await admin.post('/meta/objects/sale/fields', { name: 'n', type: 'rollup', of: 'count(sale_lines)' }), 201);
  expect(await admin.patch('/meta/objects/sale', { rules: [{ name: 'within_limit', check: 'limit is null or coalesce(sum(sale_lines, amount), 0) <= limit', message: { 'zh-CN': '超出限额', en: 'Over the limit' }, field: 'limit' }] }), 200);
  return admin;
}
const lines = async (client, id) => expect(await client.get(`/sales/${id}?expand=sale_lines`), 200).sale_lines;
const items = (list) => list.map((line) => line.item);

export const tests = [
  {
    name: 'lines come, change, go and keep their order with their parent',
    async run(server) {
      const admin = await ready(server);
      const made = await create(admin, 'sales', { name: unique('s'), sale_lines: [{ item: 'a', quantity: '1', amount: '10' }, { item: 'b', amount: '5.50' }, { item: 'c' }] });
      assert.deepEqual([made.total, made.n, made.version], [{ value: '15.50', currency: 'CNY' }, 3, 1]);
      let list = await lines(admin, made.id);
      assert.deepEqual(list.map((l) => [l.item, l.position, l.sale.id]), [['a', 1, made.id], ['b', 2, made.id], ['c', 3, made.id]]);
      const read = expect(await admin.get(`/sales/${made.id}`), 200);
      assert.deepEqual([read.total, read.n], [made.total, 3]);
      const patched = expect(await admin.patch(`/sales/${made.id}`, {
        sale_lines: [{ id: list[1].id, amount: '6' }, { id: list[0].id, delete: true }, { item: 'd', amount: '1' }, { id: list[2].id, position: 1 }],
      }, { 'If-Match': '"1"' }), 200);
      assert.deepEqual([patched.version, patched.total.value, patched.n], [2, '7.00', 3]);
      list = await lines(admin, made.id);
      assert.deepEqual(items(list), ['c', 'b', 'd']);
      assert.deepEqual(expect(await admin.get(`/sales/${made.id}`), 200).total.value, '7.00');
      expectProblem(await admin.patch(`/sales/${made.id}`, { sale_lines: [{ item: 'e' }] }, { 'If-Match': '"1"' }), 412, 'stale');
      const history = expect(await admin.get(`/sale_lines/${list[1].id}/history`), 200);
      assert.deepEqual(history.items.map((h) => h.action), ['update', 'create']);
      const same = expect(await admin.patch(`/sales/${made.id}`, { sale_lines: [] }), 200);
      assert.equal(same.version, 2, 'no lines, no change');
      expect(await admin.delete(`/sales/${made.id}`), 204);
      expectProblem(await admin.get(`/sale_lines/${list[0].id}`), 410, 'gone');
      expect(await admin.post(`/sales/${made.id}/restore`, {}), 200);
      assert.deepEqual(items(await lines(admin, made.id)), ['c', 'b', 'd']);
    },
  },
  {
    name: 'what is wrong in a line is told by its place, all at once, and nothing is written',
    async run(server) {
      const admin = await ready(server);
      const made = await create(admin, 'sales', { name: unique('s'), sale_lines: [{ item: 'a' }] });
      const other = await create(admin, 'sales', { name: unique('s'), sale_lines: [{ item: 'x' }] });
      const [a] = await lines(admin, made.id), [x] = await lines(admin, other.id);
      const problem = expectProblem(await admin.patch(`/sales/${made.id}`, {
        name: 'changed', sale_lines: [{ item: 'fine' }, { item: 'b', quantity: 'much' }, { id: x.id, item: 'stolen' }, { item: 'c', nothing: 1 }, { id: a.id, delete: 'yes' }, { delete: true }, { item: 'd', sale: other.id }, 7],
      }), 422, 'validation');
      const told = Object.fromEntries(problem.errors.map((e) => [e.field, e.code]));
      assert.deepEqual(told, {
        'sale_lines[1].quantity': 'bad_value', 'sale_lines[2].id': 'no_match', 'sale_lines[3].nothing': 'unknown_field', 'sale_lines[4].delete': 'bad_value',
        'sale_lines[5].id': 'required', 'sale_lines[6].sale': 'read_only', 'sale_lines[7]': 'bad_value',
      });
      const late = expectProblem(await admin.patch(`/sales/${made.id}`, { sale_lines: [{ item: 'ok' }, { quantity: '1' }, { item: 'neg', quantity: '-1' }] }), 422, 'validation');
      assert.deepEqual(late.errors.map((e) => [e.field, e.code]).sort(), [['sale_lines[1].item', 'required'], ['sale_lines[2].quantity', 'out_of_range']]);
      expectProblem(await admin.patch(`/sales/${made.id}`, { sale_lines: [{ id: a.id, item: 'p' }, { id: a.id, item: 'q' }] }), 422, 'validation');
      expectProblem(await admin.patch(`/sales/${made.id}`, { sale_lines: { item: 'p' } }), 422, 'validation');
      const many = expectProblem(await admin.patch(`/sales/${made.id}`, { sale_lines: Array.from({ length: 201 }, () => ({ item: 'n' })) }), 422, 'validation');
      assert.equal(fieldError(many, 'sale_lines').code, 'out_of_range');
      assert.deepEqual(items(await lines(admin, made.id)), ['a']);
      assert.equal(expect(await admin.get(`/sales/${made.id}`), 200).version, 1);
    },
  },
  {
    name: 'a rule of the parent sees its lines as they will be',
    async run(server) {
      const admin = await ready(server);
      const over = expectProblem(await admin.post('/sales', { name: unique('s'), limit: '10', sale_lines: [{ item: 'a', amount: '6' }, { item: 'b', amount: '5' }] }, { 'Accept-Language': 'en' }), 422, 'validation');
      assert.equal(over.errors[0].field, 'limit');
      const made = await create(admin, 'sales', { name: unique('s'), limit: '10', sale_lines: [{ item: 'a', amount: '6' }, { item: 'b', amount: '4' }] });
      const [a, b] = await lines(admin, made.id);
      expectProblem(await admin.patch(`/sales/${made.id}`, { sale_lines: [{ item: 'c', amount: '1' }] }), 422, 'validation');
      const fine = expect(await admin.patch(`/sales/${made.id}`, { sale_lines: [{ id: a.id, delete: true }, { id: b.id, amount: '9' }, { item: 'c', amount: '1' }] }), 200);
      assert.equal(fine.total.value, '10.00');
    },
  },
  {
    name: 'the right to a line is the right to its parent; hidden fields stay unknown',
    async run(server) {
      const admin = await ready(server);
      const rights = { sale: { read: 'all', create: true, update: 'own' }, sale_line: { read: 'all', fields: { cost: 'hidden', amount: 'read' } } };
      expect(await admin.put('/meta/access/seller', { role: 'seller', objects: rights }), 200);
      const seller = (await makeUser(server, ['seller'])).client;
      const mine = await create(seller, 'sales', { name: unique('mine'), sale_lines: [{ item: 'a' }] });
      const [a] = await lines(seller, mine.id);
      assert.ok(!('cost' in a));
      expect(await seller.patch(`/sales/${mine.id}`, { sale_lines: [{ id: a.id, item: 'b' }] }), 200);
      const hidden = expectProblem(await seller.patch(`/sales/${mine.id}`, { sale_lines: [{ id: a.id, cost: '1' }, { id: a.id, amount: '1' }] }), 422, 'validation');
      assert.deepEqual(hidden.errors.map((e) => [e.field, e.code]), [['sale_lines[0].cost', 'unknown_field'], ['sale_lines[1].amount', 'read_only']]);
      const theirs = await create(admin, 'sales', { name: unique('theirs'), sale_lines: [{ item: 'a' }] });
      expectProblem(await seller.patch(`/sales/${theirs.id}`, { sale_lines: [{ item: 'b' }] }), 403, 'forbidden');
      expect(await seller.patch(`/sales/${mine.id}`, { sale_lines: [{ id: a.id, delete: true }] }), 200);
      assert.deepEqual(await lines(seller, mine.id), []);
    },
  },
  {
    name: 'a line written by itself is whose its parent is: own and department',
    async run(server) {
      const admin = await ready(server);
      const rights = { sale: { read: 'department', create: true, update: 'own' }, sale_line: { read: 'department', create: true, update: 'own', delete: 'own' } };
      expect(await admin.put('/meta/access/seller', { role: 'seller', objects: rights }), 200);
      const manager = { sale: { read: 'department', create: true, update: 'department' }, sale_line: { read: 'department', create: true, update: 'department', delete: 'department' } };
      expect(await admin.put('/meta/access/presales', { role: 'presales', objects: manager }), 200);
      const department = await create(admin, 'departments', { name: unique('north'), code: unique('north').replace('-', '_') });
      const people = [];
      for (const role of ['seller', 'seller', 'presales', 'seller']) people.push(await makeUser(server, [role], people.length < 3 ? { department: department.id } : {}));
      const [mine, theirs, above, far] = people.map((p) => p.client);
      const sale1 = await create(mine, 'sales', { name: unique('mine'), sale_lines: [{ item: 'a' }] });
      const sale2 = await create(theirs, 'sales', { name: unique('theirs'), sale_lines: [{ item: 'x' }] });
      const [a] = await lines(mine, sale1.id), [x] = await lines(mine, sale2.id);
      const changed = expect(await mine.patch(`/sale_lines/${a.id}`, { item: 'b' }), 200);
      assert.equal(changed.item, 'b');
      const made = expect(await mine.post('/sale_lines', { sale: sale1.id, item: 'c' }), 201);
      assert.equal((await lines(mine, sale1.id)).length, 2);
      const access = expect(await mine.get(`/sale_lines/${a.id}/access`), 200);
      assert.deepEqual([access.read, access.update, access.delete], [true, true, true]);
      // Of a colleague's sale: seen, not changed, nothing put in, nothing moved in or out.
      assert.equal(expect(await mine.get(`/sale_lines/${x.id}`), 200).item, 'x');
      assert.deepEqual(((r) => [r.read, r.update, r.delete])(expect(await mine.get(`/sale_lines/${x.id}/access`), 200)), [true, false, false]);
      expectProblem(await mine.patch(`/sale_lines/${x.id}`, { item: 'y' }), 403, 'forbidden');
      expectProblem(await mine.delete(`/sale_lines/${x.id}`), 403, 'forbidden');
      expectProblem(await mine.post('/sale_lines', { sale: sale2.id, item: 'y' }), 403, 'forbidden');
      expectProblem(await mine.patch(`/sale_lines/${a.id}`, { sale: sale2.id }), 403, 'forbidden');
      expectProblem(await mine.patch(`/sale_lines/${x.id}`, { sale: sale1.id }), 403, 'forbidden');
      expectProblem(await mine.post('/batch', { requests: [{ ref: 's', method: 'POST', path: '/sales', body: { name: unique('b') } }, { method: 'POST', path: '/sale_lines', body: { sale: sale2.id, item: 'y' } }] }), 403, 'forbidden');
      const batch = expect(await mine.post('/batch', { requests: [{ ref: 's', method: 'POST', path: '/sales', body: { name: unique('b') } }, { method: 'POST', path: '/sale_lines', body: { sale: '$s.id', item: 'y' } }] }), 200);
      assert.deepEqual(items(await lines(mine, batch.items[0].body.id)), ['y']);
      // The department's, and nobody else's.
      expect(await above.patch(`/sale_lines/${x.id}`, { item: 'z' }), 200);
      expect(await above.post('/sale_lines', { sale: sale2.id, item: 'w' }), 201);
      expectProblem(await far.get(`/sale_lines/${x.id}`), 404, 'not_found');
      expectProblem(await far.patch(`/sale_lines/${x.id}`, { item: 'y' }), 404, 'not_found');
      expectProblem(await far.post('/sale_lines', { sale: sale2.id, item: 'y' }), 422, 'validation');
      // Deleted: gone for whoever saw it, unknown to others; back by whoever may delete.
      expect(await mine.delete(`/sale_lines/${made.id}`), 204);
      expectProblem(await mine.get(`/sale_lines/${made.id}`), 410, 'gone');
      expectProblem(await far.get(`/sale_lines/${made.id}`), 404, 'not_found');
      expectProblem(await theirs.post(`/sale_lines/${made.id}/restore`, {}), 403, 'forbidden');
      expect(await mine.post(`/sale_lines/${made.id}/restore`, {}), 200);
      assert.deepEqual(expect(await mine.get(`/sale_lines/${made.id}/history`), 200).items.map((h) => h.action), ['restore', 'delete', 'create']);
      expectProblem(await far.get(`/sale_lines/${made.id}/history`), 404, 'not_found');
    },
  },
  {
    name: 'a seller as shipped writes lines of his opportunity, and not of another\'s',
    async run(server) {
      const admin = by(server);
      const [one, two] = [(await makeUser(server, ['seller'])).client, (await makeUser(server, ['seller'])).client];
      const account = await create(one, 'accounts', { name: unique('buyer') });
      const pipeline = await create(admin, 'pipelines', { code: unique('p').replace('-', '_'), name: unique('P') });
      const stage = await create(admin, 'stages', { pipeline: pipeline.id, code: 'open', name: 'Open', position: 1, probability: '10' });
      const deal = await create(one, 'opportunities', { name: unique('deal'), account: account.id, pipeline: pipeline.id, stage: stage.id });
      const product = await create(admin, 'products', { code: unique('prod').replace('-', '_'), name: unique('Product'), price: '10' });
      const line = await create(one, 'opportunity_lines', { opportunity: deal.id, product: product.id, name: 'a', quantity: '1', price: '10' });
      expect(await one.patch(`/opportunity_lines/${line.id}`, { quantity: '2' }), 200);
      expectProblem(await two.patch(`/opportunity_lines/${line.id}`, { quantity: '3' }), 404, 'not_found');
      expectProblem(await one.delete(`/opportunity_lines/${line.id}`), 403, 'forbidden');
    },
  },
  {
    name: 'a save with lines is one batch: undone, record, lines and total are as before',
    async run(server) {
      const admin = by(server);
      const { id } = await create(admin, 'accounts', { name: unique('a') });
      const order = await create(admin, 'orders', { account: id, placed_on: '2026-03-01', note: 'before', order_lines: [{ name: 'a', quantity: '1', price: '10' }, { name: 'b', quantity: '2', price: '5' }] });
      const lines = async () => expect(await admin.get(`/orders/${order.id}?expand=order_lines`), 200).order_lines.map((l) => [l.name, l.quantity, l.amount.value]);
      const before = await lines();
      const [a, b] = expect(await admin.get(`/orders/${order.id}?expand=order_lines`), 200).order_lines;
      const saved = await admin.patch(`/orders/${order.id}`, { note: 'after', order_lines: [{ id: a.id, quantity: '4' }, { id: b.id, delete: true }, { name: 'c', quantity: '1', price: '1' }] });
      assert.equal(expect(saved, 200).total.value, '41.00');
      const batch = saved.headers['guanxi-batch'];
      assert.match(batch, /^\d+$/);
      const job = await waitForJob(admin, await admin.post(`/batches/${batch}/undo`, {}));
      assert.equal(job.status, 'done', JSON.stringify(job));
      assert.equal(job.result.skipped_count ?? 0, 0, JSON.stringify(job.result));
      const now = expect(await admin.get(`/orders/${order.id}`), 200);
      assert.deepEqual([now.note, now.total.value], ['before', '20.00']);
      assert.deepEqual(await lines(), before);
      assert.ok(!(await admin.patch(`/orders/${order.id}`, { note: 'alone' })).headers['guanxi-batch'], 'fields alone are taken back by their values');
    },
  },
];
