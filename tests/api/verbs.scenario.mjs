// SPDX-License-Identifier: Apache-2.0
// What is done to records beyond changing fields: leads, pools, deals, orders; each a batch that can be taken back.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, walk } from './lib.mjs';

const q = encodeURIComponent;
const read = async (client, plural, id) => expect(await client.get(`/${plural}/${id}`), 200);
const verb = async (client, plural, id, name, body = {}) => expect(await client.post(`/${plural}/${id}/${name}`, body), 200);
const list = async (client, plural, filter) => (expect(await client.get(`/${plural}?filter=${q(filter)}&sort=id`), 200)).items;

async function jobDone(client, id) {
  for (let i = 0; i < 200; i++) {
    const job = expect(await client.get(`/jobs/${id}`), 200);
    if (!['queued', 'running'].includes(job.status)) return job;
    await new Promise((r) => setTimeout(r, 50));
  }
  return assert.fail('the job does not end');
}

async function undo(client, answer) {
  const batch = answer.headers['guanxi-batch'];
  assert.match(batch, /^\d+$/);
  const job = await jobDone(client, expect(await client.post(`/batches/${batch}/undo`), 202).id);
  assert.equal(job.status, 'done', JSON.stringify(job));
  assert.deepEqual(job.result.skipped, []);
  return job;
}

async function fullLead(client, more = {}) {
  const lead = await create(client, 'leads', {
    name: '韩梅', company: unique('梅兰科技'), title: '经理', mobile: '13912340001', email: 'han@example.com', wechat_id: 'hanmei', source: 'exhibition',
    industry: 'it', need: '要 CRM', budget: '50000', wanted_on: '2030-01-31', ...more,
  });
  const about = { object: 'lead', id: lead.id };
  await create(client, 'followups', { about, method: 'phone', content: '聊过', occurred_at: '2026-02-01T02:00:00Z', next_at: '2030-01-01T02:00:00Z' });
  await create(client, 'notes', { about, body: '内部' });
  return lead;
}

export const tests = [
  {
    name: 'the catalogue says what can be done, with what, and when',
    async run(server) {
      const meta = expect(await by(server).get('/meta/objects/lead'), 200);
      const close = meta.verbs.find((v) => v.verb === 'close');
      assert.deepEqual(close.params, [{ field: 'close_reason', required: true }, { field: 'close_note', required: false }, { field: 'duplicate_of', required: false }]);
      assert.equal(close.label['zh-CN'], '关闭');
      const assign = meta.verbs.find((v) => v.verb === 'assign');
      assert.deepEqual([assign.needs, assign.params[0].name, assign.params[0].type, assign.params[0].to], ['transfer', 'to', 'link', 'user']);
      assert.deepEqual(expect(await by(server).get('/meta/objects/product'), 200).verbs, []);
    },
  },
  {
    name: 'a lead is closed with a reason and opened again; what is wrong is named',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const lead = await create(client, 'leads', { name: '李雷', source: 'website' });
      expectProblem(await client.post(`/leads/${lead.id}/reopen`), 409, 'conflict');
      assert.deepEqual(expect(await client.get(`/leads/${lead.id}/verbs`), 200).items, ['assign', 'return', 'convert', 'close', 'add_wechat']);
      const reader = await makeUser(server, ['auditor']);
      assert.deepEqual(expect(await reader.client.get(`/leads/${lead.id}/verbs`), 200).items, []);
      const missing = expectProblem(await client.post(`/leads/${lead.id}/close`, {}), 422, 'validation');
      assert.equal(fieldError(missing, 'close_reason').code, 'required');
      const wrong = expectProblem(await client.post(`/leads/${lead.id}/close`, { close_reason: 'nonsense', colour: 1, duplicate_of: '12' }), 422, 'validation');
      assert.deepEqual(wrong.errors.map((e) => e.field).sort(), ['close_reason', 'colour', 'duplicate_of']);
      const own = expectProblem(await client.post(`/leads/${lead.id}/close`, { close_reason: 'duplicate', duplicate_of: lead.id }), 422, 'validation');
      assert.ok(fieldError(own, 'duplicate_of'));
      expectProblem(await client.post(`/leads/${lead.id}/explode`, {}), 404, 'not_found');
      expectProblem(await client.post(`/leads/${lead.id}/close`, []), 400, 'bad_json');
      expectProblem(await client.post(`/leads/${lead.id}/close`, { close_reason: 'spam' }, { 'If-Match': '"7"' }), 412, 'stale');
      const answer = await client.post(`/leads/${lead.id}/close`, { close_reason: 'no_budget', close_note: '明年' }, { 'If-Match': '"1"' });
      const closed = expect(answer, 200);
      assert.deepEqual(expect(await client.get(`/leads/${lead.id}/verbs`), 200).items, ['reopen']);
      assert.deepEqual([closed.status, closed.close_reason, closed.close_note, closed.version], ['closed', 'no_budget', '明年', 2]);
      assert.equal(answer.headers.etag, '"2"');
      expectProblem(await client.post(`/leads/${lead.id}/close`, { close_reason: 'spam' }), 409, 'conflict');
      const open = await verb(client, 'leads', lead.id, 'reopen');
      assert.deepEqual([open.status, open.close_reason], ['assigned', null]);
      const zh = await client.post(`/leads/${lead.id}/reopen`, {}, { 'Accept-Language': 'zh-CN' });
      assert.match(zh.body.detail, /重新打开/);
    },
  },
  {
    name: 'a lead becomes account, contact and opportunity; what hangs on it goes along; all of it can be taken back',
    async run(server) {
      const { client, id: seller } = await makeUser(server, ['seller']);
      const lead = await fullLead(client);
      const before = await read(client, 'leads', lead.id);
      const answer = await client.post(`/leads/${lead.id}/convert`, { opportunity_name: '一期', amount: '60000' });
      const done = expect(answer, 200);
      assert.equal(done.status, 'converted');
      const now = await read(client, 'leads', lead.id);
      assert.deepEqual([now.account.title, now.contact.title, now.opportunity.title, now.converted_by.id], [lead.company, '韩梅', '一期', seller]);
      const account = await read(client, 'accounts', now.account.id);
      assert.deepEqual([account.name, account.kind, account.email, account.source, account.industry, account.owner.id, account.primary_contact.id, account.followup_count, account.next_followup_at],
        [lead.company, 'company', 'han@example.com', 'exhibition', 'it', seller, now.contact.id, 1, '2030-01-01T02:00:00.000Z']);
      const contact = await read(client, 'contacts', now.contact.id);
      assert.deepEqual([contact.name, contact.title, contact.mobile, contact.wechat_id, contact.account.id, contact.is_primary], ['韩梅', '经理', '13912340001', 'hanmei', account.id, true]);
      const deal = await read(client, 'opportunities', now.opportunity.id);
      assert.deepEqual([deal.name, deal.account.id, deal.primary_contact.id, deal.lead.id, deal.amount.value, deal.budget.value, deal.expected_close_on, deal.need, deal.stage.code, deal.source],
        ['一期', account.id, contact.id, lead.id, '60000.00', '50000.00', '2030-01-31', '要 CRM', 'identify', 'exhibition']);
      const [said] = await list(client, 'followups', `account = "${account.id}"`);
      assert.deepEqual([said.about.object, said.about.id, said.contact.id, said.occurred_at], ['account', account.id, contact.id, '2026-02-01T02:00:00.000Z']);
      assert.equal((await list(client, 'tasks', `account = "${account.id}"`)).length, 1, 'the task of the next follow-up came along');
      assert.equal((await list(client, 'notes', `about.account.id = "${account.id}"`)).length, 1);
      expectProblem(await client.post(`/leads/${lead.id}/convert`, {}), 409, 'conflict');
      await undo(client, answer);
      const back = await read(client, 'leads', lead.id);
      assert.deepEqual([back.status, back.account, back.opportunity, back.followup_count, back.next_followup_at], [before.status, null, null, before.followup_count, before.next_followup_at]);
      assert.equal((await client.get(`/accounts/${account.id}`)).status, 410);
      assert.equal((await client.get(`/contacts/${contact.id}`)).status, 410);
      assert.equal((await client.get(`/opportunities/${deal.id}`)).status, 410);
      assert.equal((await list(client, 'followups', `about.lead.id = "${lead.id}"`)).length, 1);
    },
  },
  {
    name: 'into an account there is: nothing of it is overwritten, the hints name it, a person has one contact',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const company = unique('已有公司');
      const account = await create(client, 'accounts', { name: company, source: 'referral' });
      const lead = await fullLead(client, { company });
      const hints = await verb(client, 'leads', lead.id, 'convert', { dry_run: true });
      assert.deepEqual(hints, { dry_run: true, hints: [{ object: 'account', param: 'account', id: account.id, title: company, because: ['name'] }] });
      assert.equal((await read(client, 'leads', lead.id)).version, 2, 'a dry run does nothing');
      await verb(client, 'leads', lead.id, 'convert', { account: account.id, opportunity: false });
      const now = await read(client, 'leads', lead.id);
      assert.deepEqual([now.account.id, now.opportunity], [account.id, null]);
      const kept = await read(client, 'accounts', account.id);
      assert.deepEqual([kept.source, kept.email, kept.followup_count], ['referral', null, 1]);
      assert.equal((await read(client, 'contacts', now.contact.id)).account.id, account.id);

      const person = await create(client, 'accounts', { name: unique('个人'), kind: 'person', phone: '13700000001' });
      const second = await create(client, 'leads', { name: '重名', source: 'website', mobile: '13700000001' });
      const found = await verb(client, 'leads', second.id, 'convert', { dry_run: true });
      assert.deepEqual(found.hints.map((h) => [h.object, h.id]), [['account', person.id], ['contact', person.primary_contact.id]]);
      await verb(client, 'leads', second.id, 'convert', { account: person.id, opportunity: false });
      assert.equal((await read(client, 'leads', second.id)).contact.id, person.primary_contact.id);
      const third = await create(client, 'leads', { name: '别人', source: 'website' });
      const problem = expectProblem(await client.post(`/leads/${third.id}/convert`, { account: person.id, contact: now.contact.id }), 422, 'validation');
      assert.ok(fieldError(problem, 'contact'));
    },
  },
  {
    name: 'somebody without a company becomes a person customer with one contact',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const lead = await create(client, 'leads', { name: unique('王五'), source: 'store', mobile: '13611110000', title: '先生' });
      await verb(client, 'leads', lead.id, 'convert', { opportunity: false });
      const now = await read(client, 'leads', lead.id);
      const account = await read(client, 'accounts', now.account.id);
      assert.deepEqual([account.name, account.kind, account.phone, account.primary_contact.id], [lead.name, 'person', '13611110000', now.contact.id]);
      const contacts = await list(client, 'contacts', `account = "${account.id}"`);
      assert.deepEqual(contacts.map((c) => [c.name, c.mobile, c.title]), [[lead.name, '13611110000', '先生']]);
    },
  },
  {
    name: 'whoever may not make accounts cannot convert; whoever does not see a lead finds nothing',
    async run(server) {
      const { client: owner } = await makeUser(server, ['seller']);
      const { client: other } = await makeUser(server, ['seller']);
      const lead = await create(owner, 'leads', { name: '私', source: 'website' });
      for (const name of ['convert', 'close', 'assign', 'claim', 'return']) expectProblem(await other.post(`/leads/${lead.id}/${name}`, {}), 404, 'not_found');
      const { client: agent, id } = await makeUser(server, ['agent']);
      const theirs = await create(agent, 'leads', { name: '坐席的', source: 'phone_in', company: unique('c') });
      expectProblem(await agent.post(`/leads/${theirs.id}/convert`, {}), 403, 'forbidden');
      assert.equal((await read(agent, 'leads', theirs.id)).status, 'unassigned');
      assert.equal(theirs.owner.id, id);
      const { client: auditor } = await makeUser(server, ['auditor']);
      expectProblem(await auditor.post(`/leads/${lead.id}/close`, { close_reason: 'spam' }), 403, 'forbidden');
    },
  },
  {
    name: 'assign gives a lead to somebody active, tells when, and leaves an entry',
    async run(server) {
      const admin = by(server);
      const { client, id: seller } = await makeUser(server, ['seller']);
      const gone = await makeUser(server, ['seller']);
      expect(await admin.patch(`/users/${gone.id}`, { status: 'left' }), 200);
      const lead = await create(admin, 'leads', { name: '分', source: 'website' });
      assert.equal((await client.get(`/leads/${lead.id}`)).status, 404);
      const bad = expectProblem(await admin.post(`/leads/${lead.id}/assign`, { to: gone.id }), 422, 'validation');
      assert.ok(fieldError(bad, 'to'));
      const answer = await admin.post(`/leads/${lead.id}/assign`, { to: seller });
      const given = expect(answer, 200);
      assert.deepEqual([given.status, given.owner.id], ['assigned', seller]);
      assert.ok(given.assigned_at);
      assert.equal((await client.get(`/leads/${lead.id}`)).status, 200);
      const [entry] = await list(admin, 'pool_entries', `record.lead.id = "${lead.id}"`);
      assert.deepEqual([entry.from_owner.id, entry.to_owner.id], [lead.owner.id, seller]);
      expectProblem(await admin.post(`/leads/${lead.id}/assign`, { to: seller }), 422, 'validation');
      const { client: other } = await makeUser(server, ['seller']);
      const theirs = await create(other, 'leads', { name: 'x', source: 'website' });
      expect(await other.post(`/leads/${theirs.id}/assign`, { to: seller }), 200);
      await undo(admin, answer);
      assert.equal((await read(admin, 'leads', lead.id)).owner.id, lead.owner.id);
    },
  },
  {
    name: 'many claims of one person at once stay within the limits',
    async run(server) {
      const admin = by(server);
      const person = await makeUser(server, ['seller']);
      for (const [limit, most] of [[{ claim_daily_limit: 3 }, 3], [{ capacity: 4 }, 4]]) {
        const pool = await create(admin, 'pools', { name: unique('急'), object: 'account', users: [person.id], ...limit });
        const accounts = [];
        for (let i = 0; i < 12; i++) {
          const { id } = await create(admin, 'accounts', { name: unique('公海客户') });
          expect(await admin.post(`/accounts/${id}/return`, { pool: pool.id }), 200);
          accounts.push(id);
        }
        const send = async (id) => {
          for (;;) { // who is told to try again does
            const answer = await person.client.post(`/accounts/${id}/claim`, {});
            if (answer.status === 200 || !/请重试|try again/i.test(answer.text)) return answer;
          }
        };
        const answers = await Promise.all(accounts.map(send));
        assert.equal(answers.filter((a) => a.status === 200).length, most, JSON.stringify(answers.map((a) => [a.status, a.body?.detail])));
        for (const a of answers) if (a.status !== 200) expectProblem(a, 409, 'conflict');
        assert.equal((await list(admin, 'accounts', `owner = "${person.id}" and pool = "${pool.id}"`)).length, most);
      }
    },
  },
  {
    name: 'a pool: returned, claimed by members within its limits',
    async run(server) {
      const admin = by(server);
      const one = await makeUser(server, ['seller']), two = await makeUser(server, ['seller']), out = await makeUser(server, ['seller']);
      const pool = await create(admin, 'pools', {
        name: unique('华东公海'), object: 'account', users: [one.id, two.id], claim_daily_limit: 2, previous_owner_days: 3, protect_days: 7, capacity: 2,
      });
      const own = [];
      for (let i = 0; i < 4; i++) own.push(await create(one.client, 'accounts', { name: unique('池') }));
      for (const a of own) {
        const back = await verb(one.client, 'accounts', a.id, 'return', { pool: pool.id });
        assert.deepEqual([back.owner, back.pool.id, back.pool_reason, back.previous_owner.id], [null, pool.id, 'returned', one.id]);
        assert.ok(back.pooled_at);
      }
      assert.equal((await one.client.get(`/accounts/${own[0].id}`)).status, 200, 'a member sees what lies in the pool');
      assert.equal((await out.client.get(`/accounts/${own[0].id}`)).status, 404);
      expectProblem(await one.client.patch(`/accounts/${own[0].id}`, { description: 'x' }), 403, 'forbidden');
      expectProblem(await one.client.post(`/accounts/${own[0].id}/claim`), 409, 'conflict');
      expectProblem(await out.client.post(`/accounts/${own[0].id}/claim`), 404, 'not_found');
      const mine = await verb(two.client, 'accounts', own[0].id, 'claim');
      assert.deepEqual([mine.owner.id, mine.pool.id, mine.pooled_at, mine.pool_reason], [two.id, pool.id, null, null]);
      const days = (Date.parse(mine.protected_until) - Date.now()) / 86400000;
      assert.ok(days > 6.9 && days < 7.1, mine.protected_until);
      expectProblem(await two.client.post(`/accounts/${own[0].id}/claim`), 409, 'conflict');
      await verb(two.client, 'accounts', own[1].id, 'claim');
      const limit = expectProblem(await two.client.post(`/accounts/${own[2].id}/claim`, {}, { 'Accept-Language': 'zh-CN' }), 409, 'conflict');
      assert.match(limit.detail, /上限 2/);
      expect(await admin.patch(`/pools/${pool.id}`, { claim_daily_limit: 9 }), 200);
      assert.match(expectProblem(await two.client.post(`/accounts/${own[2].id}/claim`), 409, 'conflict').detail, /库容 2/);
      expect(await admin.patch(`/pools/${pool.id}`, { capacity: null, claim_interval_days: 5 }), 200);
      await verb(two.client, 'accounts', own[2].id, 'claim');
      await verb(two.client, 'accounts', own[2].id, 'return', {});
      expect(await admin.patch(`/pools/${pool.id}`, { previous_owner_days: null }), 200);
      assert.match(expectProblem(await two.client.post(`/accounts/${own[2].id}/claim`), 409, 'conflict').detail, /5 天/);
      await verb(one.client, 'accounts', own[2].id, 'claim');
      expect(await admin.patch(`/pools/${pool.id}`, { is_active: false }), 200);
      expectProblem(await one.client.post(`/accounts/${own[3].id}/claim`), 404, 'not_found');
      expectProblem(await admin.post(`/accounts/${own[3].id}/claim`), 409, 'conflict');
      const entries = await list(admin, 'pool_entries', `record.account.id = "${own[2].id}"`);
      assert.deepEqual(entries.map((e) => e.to_owner?.id ?? null), [null, two.id, null, one.id]);
    },
  },
  {
    name: 'members by department (and what is below) and by role; of two who claim at once one gets it',
    async run(server) {
      const admin = by(server);
      const parent = await create(admin, 'departments', { name: unique('大区') });
      const child = await create(admin, 'departments', { name: unique('小组'), parent: parent.id });
      const inside = await makeUser(server, ['seller'], { department: child.id }), outside = await makeUser(server, ['seller']), boss = await makeUser(server, ['sales_ops']);
      const pool = await create(admin, 'pools', { name: unique('部门池'), object: 'lead', members: [parent.id], roles: [{ match: { code: 'sales_ops' } }] });
      const lead = async () => {
        const l = await create(admin, 'leads', { name: '池线索', source: 'website' });
        return verb(admin, 'leads', l.id, 'return', { pool: pool.id });
      };
      const first = await lead();
      assert.deepEqual([first.status, first.owner], ['unassigned', null]);
      expectProblem(await outside.client.post(`/leads/${first.id}/claim`), 404, 'not_found');
      assert.equal((await verb(inside.client, 'leads', first.id, 'claim')).status, 'assigned');
      await verb(boss.client, 'leads', (await lead()).id, 'claim');
      const fought = await lead();
      const answers = await Promise.all([inside, boss, inside, boss].map((u) => u.client.post(`/leads/${fought.id}/claim`)));
      assert.deepEqual(answers.map((a) => a.status).sort(), [200, 409, 409, 409]);
    },
  },
  {
    name: 'an account is transferred with what its owner held of it, by choice, and back by undo',
    async run(server) {
      const admin = by(server);
      const from = await makeUser(server, ['seller']), to = await makeUser(server, ['seller']);
      const account = await create(from.client, 'accounts', { name: unique('转') });
      const contact = await create(from.client, 'contacts', { name: 'c', account: account.id });
      const deal = await create(from.client, 'opportunities', { name: 'd', account: account.id });
      const order = await create(from.client, 'orders', { account: account.id, placed_on: '2026-01-01', total: '1' });
      const others = await create(admin, 'opportunities', { name: '同事的', account: account.id });
      const answer = await from.client.post(`/accounts/${account.id}/transfer`, { to: to.id, with: ['contacts', 'opportunities'] });
      assert.equal(expect(answer, 200).owner.id, to.id);
      const owner = async (plural, r) => (await read(admin, plural, r.id)).owner.id;
      assert.deepEqual([await owner('contacts', contact), await owner('opportunities', deal), await owner('orders', order)], [to.id, to.id, from.id]);
      assert.notEqual(await owner('opportunities', others), to.id, 'what a colleague holds stays');
      expectProblem(await admin.post(`/accounts/${account.id}/transfer`, { to: to.id, with: ['kitchen'] }), 422, 'validation');
      await undo(from.client, answer);
      assert.deepEqual([await owner('accounts', account), await owner('contacts', contact), await owner('opportunities', deal)], [from.id, from.id, from.id]);
    },
  },
  {
    name: 'gates hold a stage for people, name what is missing, and are passed one after the other',
    async run(server) {
      const client = by(server);
      const deal = await create(client, 'opportunities', { name: unique('门') });
      const first = expectProblem(await client.post(`/opportunities/${deal.id}/advance`, { stage: 'needs' }), 422, 'validation');
      assert.equal(fieldError(first, 'account').code, 'required');
      const account = await create(client, 'accounts', { name: unique('a') });
      expect(await client.patch(`/opportunities/${deal.id}`, { account: account.id }), 200);
      assert.equal((await verb(client, 'opportunities', deal.id, 'advance', { stage: 'needs', next_step: '演示' })).next_step, '演示');
      const far = expectProblem(await client.patch(`/opportunities/${deal.id}`, { stage: 'signing' }), 422, 'validation');
      assert.deepEqual(far.errors.map((e) => e.field).sort(), ['amount', 'expected_close_on', 'need', 'stage']);
      await create(client, 'needs', { title: '要', account: account.id, opportunity: deal.id });
      const contact = await create(client, 'contacts', { name: '决', account: account.id });
      await create(client, 'opportunity_contacts', { opportunity: deal.id, contact: contact.id, role: 'decider' });
      const signing = expect(await client.patch(`/opportunities/${deal.id}`, { stage: 'signing', amount: '5', expected_close_on: '2030-01-01' }), 200);
      assert.equal(signing.stage.code, 'signing');
      expect(await client.patch(`/opportunities/${deal.id}`, { stage: 'identify', account: null }), 200);
      const changes = await list(client, 'stage_changes', `opportunity = "${deal.id}"`);
      assert.deepEqual(changes.map((c) => [c.from_stage.code, c.to_stage.code, c.is_backward]), [['identify', 'needs', false], ['needs', 'signing', false], ['signing', 'identify', true]]);
      assert.ok(changes.every((c) => c.days !== null && c.by.id), JSON.stringify(changes[0]));
      const zh = await client.patch(`/opportunities/${deal.id}`, { stage: 'won' }, { 'Accept-Language': 'zh-CN' });
      assert.match(fieldError(expectProblem(zh, 422, 'validation'), 'win_reason').message, /赢单原因/);
    },
  },
  {
    name: 'a deal is won, lost to a rival, made void, opened again where it was, copied with its lines',
    async run(server) {
      const client = by(server);
      const product = await create(client, 'products', { name: unique('P'), price: '10' });
      const account = await create(client, 'accounts', { name: unique('a') });
      const deal = await create(client, 'opportunities', { name: unique('单'), account: account.id, amount: '100', stage: 'negotiation', pipeline: 'standard', opportunity_lines: [{ name: '行', product: product.id, quantity: '2', price: '10' }] });
      expectProblem(await client.post(`/opportunities/${deal.id}/win`, {}), 422, 'validation');
      const won = await verb(client, 'opportunities', deal.id, 'win', { win_reason: 'service', amount: '120', closed_on: '2030-02-02' });
      assert.deepEqual([won.outcome, won.stage.code, won.amount.value, won.closed_on, won.win_reason, won.probability], ['won', 'won', '120.00', '2030-02-02', 'service', '100.00']);
      expectProblem(await client.post(`/opportunities/${deal.id}/lose`, { loss_reason: 'price' }), 409, 'conflict');
      const again = await verb(client, 'opportunities', deal.id, 'reopen');
      assert.deepEqual([again.outcome, again.stage.code, again.closed_on, again.win_reason], ['open', 'negotiation', null, null]);
      const rival = await create(client, 'competitors', { name: unique('对手') });
      const lost = await verb(client, 'opportunities', deal.id, 'lose', { loss_reason: 'competitor', lost_to: rival.id, close_note: '价格' });
      assert.deepEqual([lost.outcome, lost.lost_to.id, lost.close_note], ['lost', rival.id, '价格']);
      assert.match(lost.closed_on, /^\d{4}-/);
      assert.equal((await verb(client, 'opportunities', deal.id, 'reopen', { stage: 'needs' })).stage.code, 'needs');
      assert.equal((await verb(client, 'opportunities', deal.id, 'void')).outcome, 'void');
      const copy = await verb(client, 'opportunities', deal.id, 'copy', { name: '二期' });
      assert.notEqual(copy.id, deal.id);
      assert.deepEqual([copy.name, copy.outcome, copy.stage.code, copy.version, copy.amount.value], ['二期', 'open', 'identify', 1, '120.00']);
      assert.deepEqual((await list(client, 'opportunity_lines', `opportunity = "${copy.id}"`)).map((l) => [l.name, l.quantity]), [['行', '2.0000']]);
    },
  },
  {
    name: 'a seller who may not know rivals is not asked for one',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const meta = expect(await client.get('/meta/objects/opportunity'), 200);
      assert.deepEqual(meta.verbs.find((v) => v.verb === 'lose').params.map((p) => p.field), ['loss_reason', 'closed_on', 'close_note']);
      const rival = await create(by(server), 'competitors', { name: unique('密') });
      const deal = await create(client, 'opportunities', { name: 'x' });
      const problem = expectProblem(await client.post(`/opportunities/${deal.id}/lose`, { loss_reason: 'competitor', lost_to: rival.id }), 422, 'validation');
      assert.ok(fieldError(problem, 'lost_to'));
    },
  },
  {
    name: 'orders: confirmed, delivered, closed; cancelled before; returned and copied with their lines',
    async run(server) {
      const client = by(server);
      const account = await create(client, 'accounts', { name: unique('单') });
      const order = await create(client, 'orders', { account: account.id, placed_on: '2026-01-01', total: '30', order_lines: [{ name: 'L', quantity: '3', price: '10', amount: '30' }] });
      expectProblem(await client.post(`/orders/${order.id}/deliver`), 409, 'conflict');
      assert.equal((await verb(client, 'orders', order.id, 'confirm')).status, 'confirmed');
      const sent = await verb(client, 'orders', order.id, 'deliver', { carrier: '顺丰', tracking_number: 'SF1' });
      assert.deepEqual([sent.status, sent.delivery_status, sent.carrier], ['in_progress', 'delivered', '顺丰']);
      assert.match(sent.delivered_on, /^\d{4}-/);
      expectProblem(await client.post(`/orders/${order.id}/cancel`), 409, 'conflict');
      const back = await verb(client, 'orders', order.id, 'return', { internal_note: '坏了' });
      assert.deepEqual([back.kind, back.original_order.id, back.status, back.total.value, back.internal_note], ['return', order.id, 'draft', '30.00', '坏了']);
      assert.notEqual(back.number, order.number);
      assert.equal((await list(client, 'order_lines', `order = "${back.id}"`)).length, 1);
      assert.equal((await verb(client, 'orders', order.id, 'close')).status, 'closed');
      const copy = await verb(client, 'orders', order.id, 'copy');
      assert.deepEqual([copy.kind, copy.status, copy.carrier], ['sales', 'draft', null]);
      assert.equal((await verb(client, 'orders', copy.id, 'cancel', { internal_note: '不要了' })).status, 'cancelled');
      assert.ok(await walk(client, '/orders'));
    },
  },
];
