// SPDX-License-Identifier: Apache-2.0
// The timeline of a record: its changes and what points at it, newest first, each entry under its own rights.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, uploadFile, walk, withRights } from './lib.mjs';

const read = async (client, plural, id, query = '') => expect(await client.get(`/${plural}/${id}/timeline${query}`), 200);

async function customer(client) {
  const account = await create(client, 'accounts', { name: unique('时间') });
  const about = { object: 'account', id: account.id };
  await create(client, 'followups', { about, method: 'phone', content: '<p>第一次 <b>电话</b></p>', occurred_at: '2026-01-02T01:00:00Z' });
  await create(client, 'followups', { about, method: 'visit', content: '拜访', occurred_at: '2026-01-05T01:00:00Z' });
  await create(client, 'calls', { direction: 'out', about, started_at: '2026-01-03T01:00:00Z', summary: '约时间' });
  await create(client, 'meetings', { subject: '演示会', about, starts_at: '2030-01-01T01:00:00Z', ends_at: '2030-01-01T02:00:00Z' });
  await create(client, 'tasks', { subject: '发资料', about });
  await create(client, 'comments', { about, body: '<p>注意</p>' });
  await create(client, 'orders', { account: account.id, placed_on: '2026-01-01', total: '5' });
  expect(await client.patch(`/accounts/${account.id}`, { description: '改' }), 200);
  return account;
}

export const tests = [
  {
    name: 'changes, activities, comments and orders in one stream, newest first, nothing twice',
    async run(server) {
      const client = by(server);
      const account = await customer(client);
      const { items, kinds, next } = await read(client, 'accounts', account.id);
      assert.equal(next, null);
      const at = items.map((i) => i.at);
      assert.deepEqual(at, [...at].sort().reverse());
      const count = {};
      for (const i of items) count[i.kind] = (count[i.kind] ?? 0) + 1;
      assert.deepEqual([count.followup, count.meeting, count.task, count.comment, count.order], [count.call === 1 ? 2 : 3, 1, 1, 1, 1], JSON.stringify(count));
      assert.equal(items[0].kind, 'meeting', 'what is to come stands first');
      assert.deepEqual([items[0].title, items[0].object], ['演示会', 'meeting']);
      const said = items.filter((i) => i.kind === 'followup');
      assert.deepEqual(said.map((i) => [i.at, i.title, i.text]), [['2026-01-05T01:00:00.000Z', '拜访', '拜访'], ['2026-01-02T01:00:00.000Z', '电话', '第一次 电话']]);
      assert.ok(said[0].by.id && said[0].by.title);
      const change = items.find((i) => i.kind === 'change' && i.changes.some((c) => c.field === 'description'));
      assert.deepEqual([change.object, change.id, change.action, change.changes[0].new], ['account', account.id, 'update', '改']);
      assert.equal(items.filter((i) => i.kind === 'change' && i.action === 'create').length, 1);
      for (const kind of ['change', 'followup', 'task', 'call', 'meeting', 'visit', 'note', 'comment', 'file', 'order', 'opportunity']) assert.ok(kinds.includes(kind), kind);
      const call = items.find((i) => i.kind === 'call');
      assert.deepEqual([call.at, call.title, call.text], ['2026-01-03T01:00:00.000Z', '呼出', '约时间']);
      assert.equal(new Set(items.map((i) => `${i.kind} ${i.id} ${i.version ?? ''}`)).size, items.length);
    },
  },
  {
    name: 'files of what happened are told with it, of fields that the reader may see; without files there is no word of them',
    async run(server) {
      const client = by(server);
      const account = await create(client, 'accounts', { name: unique('录音') });
      const about = { object: 'account', id: account.id };
      const head = Buffer.from('1a45dfa39f4286', 'hex');
      const upload = (name, type, data) => uploadFile(server, server.key, name, type, data);
      const [voice, paper, recording] = [await upload('语音.webm', 'audio/webm', head), await upload('a.txt', 'text/plain', Buffer.from('x')), await upload('call.webm', 'audio/webm', Buffer.concat([head, Buffer.from('2')]))];
      await create(client, 'followups', { about, method: 'phone', content: '有录音', attachments: [voice.id, paper.id] });
      await create(client, 'calls', { direction: 'in', about, started_at: '2026-01-03T01:00:00Z', recording: recording.id });
      const { items } = await read(client, 'accounts', account.id);
      const of = (kind) => items.find((i) => i.kind === kind);
      assert.deepEqual(of('followup').files.map((f) => [f.id, f.name, f.type]), [[voice.id, '语音.webm', 'audio/webm'], [paper.id, 'a.txt', 'text/plain']]);
      assert.deepEqual(of('call').files.map((f) => f.id), [recording.id]);
      assert.ok(items.filter((i) => !['followup', 'call', 'file'].includes(i.kind)).every((i) => i.files === undefined));
      const { client: other } = await withRights(server, [], { account: { read: 'all' }, followup: { read: 'all', fields: { attachments: 'hidden' } } });
      const seen = (await read(other, 'accounts', account.id)).items.find((i) => i.kind === 'followup');
      assert.deepEqual([seen.text, seen.files], ['有录音', undefined]);
    },
  },
  {
    name: 'pages of any size give the same entries; entries of one moment are neither lost nor doubled',
    async run(server) {
      const client = by(server);
      const account = await customer(client);
      const about = { object: 'account', id: account.id };
      for (let i = 0; i < 9; i++) await create(client, 'followups', { about, method: 'phone', content: `同时 ${i}`, occurred_at: '2026-02-01T00:00:00Z' });
      for (let i = 0; i < 6; i++) expect(await client.patch(`/accounts/${account.id}`, { description: `v${i}` }), 200);
      const key = (i) => `${i.kind} ${i.id} ${i.version ?? ''}`;
      const whole = (await read(client, 'accounts', account.id, '?limit=200')).items.map(key);
      assert.ok(whole.length > 25);
      for (const limit of [1, 2, 3, 7]) {
        const pages = await walk(client, `/accounts/${account.id}/timeline`, limit);
        assert.deepEqual(pages.map(key), whole, `limit ${limit}`);
      }
      const some = await walk(client, `/accounts/${account.id}/timeline?kind=followup,call`, 4);
      assert.deepEqual([...new Set(some.map((i) => i.kind))].sort(), ['call', 'followup']);
      assert.equal(some.filter((i) => i.kind === 'followup').length, whole.filter((k) => k.startsWith('followup')).length);
    },
  },
  {
    name: 'wrong kinds, cursors and limits are named',
    async run(server) {
      const client = by(server);
      const account = await create(client, 'accounts', { name: unique('x') });
      const path = `/accounts/${account.id}/timeline`;
      assert.ok(fieldError(expectProblem(await client.get(`${path}?kind=weather`), 400, 'bad_parameter'), 'kind'));
      for (const after of ['x', '1.followup', '1..2.0', '9999999999999999.followup.1.0', '1.followup.1.x']) expect(await client.get(`${path}?after=${after}`), 400);
      expectProblem(await client.get(`${path}?limit=0`), 400, 'bad_parameter');
      expectProblem(await client.get(`${path}?colour=1`), 400, 'bad_parameter');
      expectProblem(await client.get('/accounts/1/timeline'), 404, 'not_found');
    },
  },
  {
    name: 'every entry under its own rights: foreign records, objects and fields do not show',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const account = await create(seller.client, 'accounts', { name: unique('我的') });
      const about = { object: 'account', id: account.id };
      await create(seller.client, 'followups', { about, method: 'phone', content: '我写的' });
      await create(admin, 'tasks', { subject: '别人的', about });
      await create(admin, 'orders', { account: account.id, placed_on: '2026-01-01', total: '1' });
      expect(await admin.patch(`/accounts/${account.id}`, { credit_limit: '100' }), 200);
      const mine = await read(seller.client, 'accounts', account.id);
      assert.deepEqual(mine.items.filter((i) => i.kind !== 'change').map((i) => [i.kind, i.text]), [['followup', '我写的']]);
      assert.ok((await read(admin, 'accounts', account.id)).items.some((i) => i.kind === 'task'));
      const other = await makeUser(server, ['seller']);
      expectProblem(await other.client.get(`/accounts/${account.id}/timeline`), 404, 'not_found');
      const product = await create(admin, 'products', { name: unique('p'), price: '1' });
      expect(await admin.patch(`/products/${product.id}`, { cost: '2' }), 200);
      const actions = async (client) => (await read(client, 'products', product.id, '?kind=change')).items.map((i) => i.action);
      assert.deepEqual(await actions(admin), ['update', 'create']);
      assert.deepEqual(await actions(seller.client), ['create'], 'a change of a hidden field alone is no entry');
      const warehouse = await makeUser(server, ['warehouse']);
      expectProblem(await warehouse.client.get(`/leads/1/timeline`), 404, 'not_found');
    },
  },
];
