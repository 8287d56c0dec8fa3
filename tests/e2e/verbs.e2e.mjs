// SPDX-License-Identifier: Apache-2.0
// What is done to a record: buttons and dialogs from the catalogue, hints, undo; the timeline with its filter.
import assert from 'node:assert/strict';

async function make(server, plural, body) {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}

const read = async (server, plural, id) => (await server.request('GET', `/api/v1/${plural}/${id}`)).body;
const button = (page, words) => page.locator('.rechead').getByRole('button', { name: words });

async function pick(page, words) {
  await page.locator('.rechead').getByRole('button', { name: /更多|More/ }).click();
  await page.getByRole('menuitem', { name: words }).click();
}

async function until(read, wanted) {
  let now;
  for (let i = 0; i < 300; i++) {
    now = await read();
    if (now === wanted) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.equal(now, wanted);
}

const phone = { viewport: { width: 390, height: 844 } };

async function closeLead({ page, server }) {
  page.expected.push('422');
  const lead = await make(server, 'leads', { name: `关闭 ${Date.now()}`, source: 'website' });
  await page.goto(`/leads/${lead.id}`);
  await pick(page, '关闭');
  const drawer = page.locator('.ant-drawer-content-wrapper');
  await drawer.locator('.ant-btn-primary').last().click(); // by its name the cross would be meant while it is busy
  await page.locator('.ff.bad .err').first().waitFor();
  await page.shot('verb-required');
  await page.locator('#field-close_reason').click();
  await page.locator('.ant-select-item-option').filter({ hasText: '无预算' }).click();
  await drawer.locator('.ant-btn-primary').last().click(); // by its name the cross would be meant while it is busy
  await until(async () => (await read(server, 'leads', lead.id)).status, 'closed');
  return lead;
}

export const tests = {
  'verbs: a lead is closed with a reason, the missing one is said at the field, undo opens it again': {
    async run(t) {
      const lead = await closeLead(t);
      await t.page.locator('.toast button').click();
      await until(async () => (await read(t.server, 'leads', lead.id)).status, 'unassigned');
    },
  },

  'verbs: on a phone everything stands under "more"': {
    options: phone,
    async run(t) {
      const lead = await closeLead(t);
      assert.equal((await read(t.server, 'leads', lead.id)).close_reason, 'no_budget');
    },
  },

  'verbs: many leads are closed from their list: what it would do, what was refused, and back': {
    async run({ page, server }) {
      const mark = `多条 ${Date.now()}`;
      const leads = [];
      for (const n of ['甲', '乙', '丙']) leads.push(await make(server, 'leads', { name: `${mark} ${n}`, source: 'website' }));
      const done = await server.request('POST', `/api/v1/leads/${leads[1].id}/close`, { close_reason: 'no_budget' });
      assert.equal(done.status, 200, done.text);
      await page.goto(`/leads?filter=${encodeURIComponent(`name starts "${mark}"`)}`);
      const rows = page.locator('[role=grid] [role=row][aria-rowindex] input[type=checkbox]');
      for (const n of ['甲', '乙', '丙']) await page.locator('[role=grid] [role=row][aria-rowindex]', { hasText: `${mark} ${n}` }).locator('input[type=checkbox]').click({ force: true });
      assert.equal(await rows.count(), 3);
      await page.locator('.bulk [aria-haspopup=menu]').click();
      await page.getByRole('menuitem', { name: '关闭' }).waitFor();
      await page.shot('bulk-verbs');
      await page.getByRole('menuitem', { name: '关闭' }).click();
      const footer = page.locator('.ant-drawer-footer button');
      await footer.nth(0).waitFor();
      assert.equal(await footer.nth(0).isDisabled(), true, 'a reason is required');
      await page.locator('#field-close_reason').click();
      await page.locator('.ant-select-item-option').filter({ hasText: '无预算' }).click();
      await footer.nth(0).click();
      await page.locator('.ant-drawer .hist').nth(2).waitFor();
      await page.shot('bulk-verb-preview');
      await footer.nth(1).click();
      for (const lead of [leads[0], leads[2]]) await until(async () => (await read(server, 'leads', lead.id)).status, 'closed');
      await page.locator('.ant-drawer [role=status]').filter({ hasText: /2/ }).waitFor();
      await page.locator('.ant-drawer-footer button').nth(0).click();
      for (const lead of [leads[0], leads[2]]) await until(async () => (await read(server, 'leads', lead.id)).status, 'unassigned');
      assert.equal((await read(server, 'leads', leads[1].id)).status, 'closed');
    },
  },

  'verbs: converting offers the account there is; the lead then links to it': {
    async run({ page, server }) {
      const company = `转化公司 ${Date.now()}`;
      const account = await make(server, 'accounts', { name: company });
      const lead = await make(server, 'leads', { name: '韩梅', company, source: 'website' });
      await page.goto(`/leads/${lead.id}`);
      await button(page, '转化').click();
      await page.locator('.verb-hints').getByText(company).waitFor();
      await page.shot('verb-convert');
      await page.locator('.verb-hints button').first().click();
      await page.locator('.ant-drawer-content-wrapper').getByRole('button', { name: '转化' }).last().click();
      await until(async () => (await read(server, 'leads', lead.id)).account?.id, account.id);
      await page.locator('.rechead').getByRole('button', { name: '转化' }).waitFor({ state: 'detached' });
    },
  },

  'timeline: activities, changes and comments of an account; the filter leaves one kind': {
    async run({ page, server }) {
      const account = await make(server, 'accounts', { name: `时间轴 ${Date.now()}` });
      const about = { object: 'account', id: account.id };
      await make(server, 'followups', { about, method: 'phone', content: '谈了价格' });
      await make(server, 'comments', { about, body: '请注意回款' });
      await page.goto(`/accounts/${account.id}`);
      await page.locator('.tl .happening').getByText('谈了价格').waitFor();
      await page.locator('.tl').getByText('请注意回款').waitFor();
      await page.shot('timeline');
      await page.locator('.tl-kinds').click();
      await page.locator('.ant-select-item-option').filter({ hasText: '跟进记录' }).click();
      await page.locator('.tl').getByText('请注意回款').waitFor({ state: 'detached' });
      await page.locator('.tl .happening').first().waitFor();
      assert.equal(await page.locator('.tl .happening').count(), 1);
    },
  },
};
