// SPDX-License-Identifier: Apache-2.0
// Adding a person on WeChat: asked (with its task), told (to the task or to the person), removed; rights, undo, timeline.
import { assert, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const verb = (client, plural, id, name, body = {}) => client.post(`/${plural}/${id}/${name}`, body);
const read = async (client, plural, id) => expect(await client.get(`/${plural}/${id}`), 200);
const tasksOf = async (client, id) => expect(await client.get(`/tasks?filter=${encodeURIComponent(`about = "${id}" and kind = "wechat_add"`)}`), 200).items;
const followupsOf = async (client, filter) => expect(await client.get(`/followups?filter=${encodeURIComponent(filter)}`), 200).items;

async function contactOf(client, extra = {}) {
  const account = await create(client, 'accounts', { name: unique('微信客户') });
  return { account, contact: await create(client, 'contacts', { name: unique('王'), account: account.id, ...extra }) };
}

export const tests = [
  {
    name: 'asked for, a contact waits with a task of mine; told at the task, it is added, with one follow-up',
    async run(server) {
      const { client, id: me } = await makeUser(server, ['seller']);
      const { account, contact } = await contactOf(client);
      assert.deepEqual(expect(await client.get(`/contacts/${contact.id}/verbs`), 200).items, ['add_wechat']);
      const due = new Date(Date.now() + 7_200_000).toISOString();
      const asked = expect(await verb(client, 'contacts', contact.id, 'add_wechat', { wechat_id: 'wang_2026', due_at: due }), 200);
      assert.deepEqual([asked.wechat_status, asked.wechat_id], ['requested', 'wang_2026']);
      const [task, ...more] = await tasksOf(client, contact.id);
      assert.deepEqual([more.length, task.status, task.due_at, task.owner.id, task.contact.id, task.account.id], [0, 'open', due, me, contact.id, account.id]);
      assert.ok(task.subject.includes(contact.name), task.subject);
      expectProblem(await verb(client, 'contacts', contact.id, 'add_wechat'), 409, 'conflict');
      expectProblem(await verb(client, 'tasks', task.id, 'wechat_result'), 422, 'validation');
      const done = expect(await verb(client, 'tasks', task.id, 'wechat_result', { outcome: 'added', note: '备注：采购部' }), 200);
      assert.deepEqual([done.status, done.wechat_status, done.result.includes('采购部')], ['done', 'added', true]);
      assert.equal((await read(client, 'contacts', contact.id)).wechat_status, 'added');
      const written = await followupsOf(client, `account = "${account.id}"`);
      assert.deepEqual(written.map((f) => [f.method, f.wechat_status, f.contact.id]), [['wechat', 'added', contact.id]]);
      const changes = expect(await client.get(`/contacts/${contact.id}/timeline`), 200).items;
      assert.ok(JSON.stringify(changes).includes('wechat_status'), 'the timeline tells the steps');
    },
  },
  {
    name: 'no answer moves the task to later; told at the person, its task is settled; declined goes back; removed after added',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const lead = await create(client, 'leads', { name: unique('李'), source: 'website' });
      expect(await verb(client, 'leads', lead.id, 'add_wechat'), 200);
      const [task] = await tasksOf(client, lead.id);
      const hours = (Date.parse(task.due_at) - Date.now()) / 3_600_000;
      assert.ok(hours > 6 && hours < 48, `tomorrow evening: in ${hours} hours`);
      expect(await verb(client, 'leads', lead.id, 'wechat_result', { outcome: 'no_answer' }), 200);
      const later = await read(client, 'tasks', task.id);
      assert.equal(later.status, 'open');
      assert.equal(Date.parse(later.due_at) - Date.parse(task.due_at), 2 * 86_400_000, 'in three days at the same hour');
      assert.equal((await read(client, 'leads', lead.id)).wechat_status, 'requested');
      expect(await verb(client, 'leads', lead.id, 'wechat_result', { outcome: 'declined' }), 200);
      assert.deepEqual([(await read(client, 'tasks', task.id)).status, (await read(client, 'leads', lead.id)).wechat_status], ['done', 'none']);
      expect(await verb(client, 'leads', lead.id, 'add_wechat'), 200);
      expect(await verb(client, 'leads', lead.id, 'wechat_result', { outcome: 'added' }), 200);
      assert.deepEqual((await tasksOf(client, lead.id)).map((t) => t.status), ['done', 'done']);
      expect(await verb(client, 'leads', lead.id, 'wechat_removed'), 200);
      assert.equal((await read(client, 'leads', lead.id)).wechat_status, 'removed');
      assert.deepEqual((await followupsOf(client, `about = "${lead.id}"`)).map((f) => f.wechat_status).sort(), ['added', 'none']);
    },
  },
  {
    name: 'a contact without an account is told as well; undo takes status and task back; strangers do not find it',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const contact = await create(client, 'contacts', { name: unique('赵') });
      const asked = await verb(client, 'contacts', contact.id, 'add_wechat');
      expect(asked, 200);
      const { client: stranger } = await makeUser(server, ['seller']);
      expectProblem(await verb(stranger, 'contacts', contact.id, 'wechat_result', { outcome: 'added' }), 404, 'not_found');
      const [task] = await tasksOf(client, contact.id);
      expect(await verb(client, 'tasks', task.id, 'wechat_result', { outcome: 'added' }), 200);
      assert.equal((await read(client, 'contacts', contact.id)).wechat_status, 'added');
      const other = await create(client, 'contacts', { name: unique('钱') });
      const answer = await verb(client, 'contacts', other.id, 'add_wechat');
      const batch = answer.headers['guanxi-batch'] ?? answer.headers.get?.('Guanxi-Batch');
      expect(await client.post(`/batches/${batch}/undo`, {}), 202);
      for (let i = 0; i < 100 && (await read(client, 'contacts', other.id)).wechat_status !== 'none'; i++) await new Promise((r) => setTimeout(r, 100));
      assert.deepEqual([(await read(client, 'contacts', other.id)).wechat_status, (await tasksOf(client, other.id)).length], ['none', 0]);
    },
  },
];
