// SPDX-License-Identifier: Apache-2.0
// Data quality in the browser: counted, an object's fields, the list behind a figure, tasks for owners.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';

async function counted(page) {
  await page.goto('/settings/quality');
  await page.getByRole('button', { name: /立即统计|Count now/ }).click();
  await page.locator('.srow.quality:not(.hd)').first().waitFor({ timeout: 60000 });
}

export const tests = {
  'quality: figures lead to their lists, and tasks go to owners': {
    async run({ page, server }) {
      await counted(page);
      await page.shot('quality-objects');
      await page.locator('.srow.quality', { hasText: /^客户\d/ }).first().click();
      await page.locator('.q-tile').nth(3).waitFor();
      await page.shot('quality-object');
      const row = page.locator('.srow.q-field:has(a)').first();
      const link = row.getByRole('link').first();
      const told = Number((await link.innerText()).replaceAll(',', ''));
      await row.getByRole('button', { name: '分派' }).click();
      await page.locator('.q-assign').getByRole('button', { name: /分\s?派/ }).click();
      await page.getByText(/已为[\d,]+条记录建立\d+个任务/).waitFor();
      const tasks = await server.request('GET', `/api/v1/tasks?count=exact&limit=1&filter=${encodeURIComponent('subject ~ "清理"')}`);
      assert.ok(tasks.body.items.length > 0, tasks.text);
      await link.click();
      await page.getByText(new RegExp(`筛选出 ?${told}`)).first().waitFor();
    },
  },
  'quality: days of "stale" are changed, a task goes to a chosen person, pairs lead to their queue': {
    async run({ page, server }) {
      await counted(page);
      await page.locator('.srow.quality', { hasText: /^客户\d/ }).first().click();
      const tile = page.locator('.q-tile').nth(3);
      await tile.getByRole('button', { name: '修改' }).click();
      await page.locator('.q-assign').getByLabel('没有活动的天数').fill('1');
      await page.locator('.q-assign').getByRole('button', { name: /保\s?存/ }).click();
      await tile.getByText('沉寂：1天没有活动').waitFor();
      assert.equal((await server.request('GET', '/api/v1/quality/account')).body.stale_days, 1);
      await page.locator('.q-tile', { hasText: '待处理重复' }).waitFor();
      await page.locator('.srow.q-field:has(a)').first().getByRole('button', { name: '分派' }).click();
      const box = page.locator('.q-assign');
      await box.locator('.ant-segmented-item', { hasText: '一个人' }).click();
      await box.locator('#quality-who').click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click();
      await page.shot('quality-person');
      await box.getByRole('button', { name: /分\s?派/ }).click();
      await page.getByText(/已为[\d,]+条记录建立1个任务/).waitFor();
      assert.equal((await server.request('PATCH', '/api/v1/quality/account', { stale_days: 0 })).status, 204);
    },
  },
  ...Object.fromEntries([{ phone: false, dark: true, language: 'en' }, { phone: true, dark: false, language: 'zh-CN' }, { phone: true, dark: true, language: 'en' }].map((options) => {
    const suffix = `${options.phone ? '390' : '1440'}-${options.dark ? 'dark' : 'light'}-${options.language}`;
    return [`quality: looks ${suffix}`, { options, async run({ page }) {
      await counted(page);
      await page.shot(`quality-list-${suffix}`);
      await page.locator('.srow.quality:not(.hd)').filter({ hasText: /^(客户|Accounts)[\d,]/ }).first().click();
      await page.locator('.q-tile').nth(3).waitFor();
      await page.locator('.srow.q-field:not(.hd)').first().waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${wide} px over the edge`);
      await clean(page, `quality ${suffix}`);
      await page.shot(`quality-object-${suffix}`);
    } }];
  })),
};
