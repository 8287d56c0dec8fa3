// SPDX-License-Identifier: Apache-2.0
// The home page as one answer: to-dos and figures of the one who asks, each number the count of the list that its filter opens.
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const q = encodeURIComponent;
const DAY = 86_400_000;
const at = (days) => new Date(Date.now() + days * DAY).toISOString();
const home = async (client, scope = '') => expect(await client.get(`/me/home${scope && `?scope=${scope}`}`), 200);
const titles = (card) => card.list.items.map((r) => r.name ?? r.subject);

async function pluralOf(client) {
  const { objects } = expect(await client.get('/meta'), 200);
  return new Map(objects.map((o) => [o.object, o.plural]));
}

async function day(client) {
  const account = await create(client, 'accounts', { name: unique('客户') });
  const about = { object: 'account', id: account.id };
  await create(client, 'tasks', { subject: '昨天的', about, due_at: at(-1) });
  await create(client, 'tasks', { subject: '下月的', about, due_at: at(30) });
  await create(client, 'tasks', { subject: '已完成的', about, due_at: at(-1), status: 'done' });
  await create(client, 'opportunities', { name: '扩容', account: account.id, amount: '1200' });
  await create(client, 'followups', { about, method: 'phone', content: '谈了', next_at: at(-0.001) });
  const forgotten = await create(client, 'accounts', { name: unique('没有任务'), next_followup_at: at(-2) });
  return { account, forgotten };
}

export const tests = [
  {
    name: 'to-dos are mine and due, told once; figures are of what I own',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const other = await makeUser(server, ['seller']);
      await day(other.client);
      const { account, forgotten } = await day(client);
      const { scope, cards } = await home(client);
      assert.equal(scope, 'mine');
      assert.deepEqual(titles(cards.tasks).sort(), ['昨天的', `跟进：${account.name}`].sort(), 'open and due, not those of others');
      assert.deepEqual(titles(cards.accounts_due), [forgotten.name], 'the customer whose date has a task is not told twice');
      assert.deepEqual(titles(cards.opportunities_due), []);
      assert.deepEqual([cards.pipeline.aggregate.total.count, cards.pipeline.aggregate.total.sum_amount.value], [1, '1200.00']);
      assert.deepEqual([cards.customers.aggregate.total.count, cards.followups.aggregate.total.count], [2, 1]);
      assert.equal(cards.known.list.count.value, 2);
      assert.ok(!('ranking' in cards), 'nobody to compare with');
    },
  },
  {
    name: 'every number is the count of the list that its filter opens, in both scopes',
    async run(server) {
      const { client } = await makeUser(server, ['sales_manager']);
      await day(client);
      const plurals = await pluralOf(client);
      for (const scope of ['mine', 'all']) {
        const { cards } = await home(client, scope);
        assert.ok(Object.keys(cards).length >= 20, Object.keys(cards).join());
        for (const [name, card] of Object.entries(cards)) {
          const list = expect(await client.get(`/${plurals.get(card.object)}?filter=${q(card.filter)}&count=capped&limit=200`), 200);
          const said = card.list ? card.list.count.value : card.aggregate.total.count;
          assert.equal(said, list.count.value, `${scope} ${name}`);
          const ids = new Set(list.items.map((r) => r.id));
          if (card.list && !list.next) assert.ok(card.list.items.every((r) => ids.has(r.id)), `${scope} ${name}`);
        }
      }
    },
  },
  {
    name: 'rights are those of lists: no object, no card; a hidden field takes its cards along; all is what one sees',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      await day(seller.client);
      const before = (await home(admin, 'all')).cards.pipeline.aggregate.total.count;
      await create(seller.client, 'opportunities', { name: '又一个' });
      assert.equal((await home(admin, 'all')).cards.pipeline.aggregate.total.count, before + 1);
      assert.equal((await home(seller.client, 'all')).cards.pipeline.aggregate.total.count, 2, 'a seller sees his own');
      const code = unique('blind').replaceAll('-', '_');
      await create(admin, 'roles', { code, name: code });
      expect(await admin.put(`/meta/access/${code}`, { role: code, objects: { account: { read: 'own', create: true, update: 'own', delete: 'none', export: 'none', import: false, share: 'none', transfer: 'none', bulk: 'none', fields: { last_followup_at: 'hidden' } } }, system: [] }), 200);
      const blind = await makeUser(server, [code]);
      await create(blind.client, 'accounts', { name: unique('盲') });
      const { cards } = await home(blind.client);
      assert.ok(!('pipeline' in cards) && !('tasks' in cards) && !('idle' in cards), Object.keys(cards).join());
      assert.equal(cards.known.list.count.value, 1);
      assert.ok(!JSON.stringify(cards).includes('last_followup_at'), 'a hidden field is named nowhere');
    },
  },
  {
    name: 'a scope is mine or all; nobody without a session',
    async run(server) {
      expectProblem(await by(server).get('/me/home?scope=theirs'), 400, 'bad_parameter');
      expectProblem(await by(server, '').get('/me/home'), 401, 'unauthenticated');
    },
  },
];
