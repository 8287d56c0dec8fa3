// SPDX-License-Identifier: Apache-2.0
// The import studio in the browser: a workbook and a table from elsewhere from file to result and back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clean } from './axe.mjs';

const fixture = (name) => readFileSync(join(import.meta.dirname, '../fixtures/xlsx', name));
const xlsx = (name) => ({ name, mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: fixture('exceljs.xlsx') });
const csv = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const step = (page, label) => page.locator('.steps li.on', { hasText: label }).waitFor();
const next = (page, name) => page.locator('.import-foot').getByRole('button', { name }).click();
const count = async (server, filter) => (await server.request('GET', `/api/v1/accounts?limit=1&count=exact&filter=${encodeURIComponent(filter)}`)).body.count.value;

let serial = 0;
const unique = (word) => `${word}${Date.now().toString(36)}${++serial}`;

export const tests = {
  'import: a table from elsewhere goes from file to result, is found among past imports and is taken back': {
    async run({ page, server }) {
      const word = unique('导入');
      await page.goto('/accounts/import');
      await page.locator('.drop input[type=file]').setInputFiles(csv(`${word}.csv`, `客户名称,客户级别,客户行业,电话\n${word}甲,A（重点客户）,金融业,0571-88886666\n${word}乙,C（非优先客户）,房地产,\n`));
      await step(page, '预览');
      await page.locator('.first-rows td', { hasText: `${word}甲` }).waitFor();
      await next(page, '下一步');
      await step(page, '对应');
      await page.getByLabel('使用对应方案').click();
      await page.locator('.ant-select-item-option', { hasText: '悟空 CRM' }).click();
      await page.locator('.map-row .ant-select', { hasText: '客户级别' }).waitFor();
      await page.shot('import-map-1440');
      await next(page, '试运行');
      await step(page, '试运行');
      await page.getByText('将要写入的内容').waitFor();
      await page.locator('.hist b', { hasText: `${word}甲` }).waitFor();
      assert.equal(await count(server, `name starts "${word}"`), 0, 'a dry run writes nothing');
      await page.shot('import-check-1440');
      await next(page, '开始导入');
      await step(page, '结果');
      await page.locator('.card header h3', { hasText: '导入完成' }).waitFor();
      assert.equal(await count(server, `name starts "${word}" and level in ("key", "small") and industry in ("finance", "real_estate")`), 2);
      await page.getByRole('button', { name: '再导入一个文件' }).click();
      const past = page.locator('.past-import', { hasText: `${word}.csv` }).filter({ hasText: '新建 2' }).filter({ hasNotText: '试运行' });
      await past.getByRole('button', { name: '撤销' }).click();
      await past.getByText('已撤销').waitFor();
      assert.equal(await count(server, `name starts "${word}"`), 0);
    },
  },

  'import: a sheet of a workbook is chosen, failed rows come as files, a mapping is saved and used again': {
    options: { language: 'en' },
    async run({ page, server }) {
      const name = unique('Mapping ');
      await page.goto('/accounts/import');
      await page.locator('.drop input[type=file]').setInputFiles(xlsx('book.xlsx'));
      await step(page, 'Preview');
      await page.locator('.first-rows td', { hasText: 'Müller' }).waitFor();
      await page.shot('import-read-1440');
      await page.getByLabel('Sheet').click();
      await page.locator('.ant-select-item-option', { hasText: '第二张' }).click();
      await page.locator('.first-rows th', { hasText: 'b' }).waitFor();
      await next(page, 'Next');
      await page.getByLabel('a goes to').click();
      await page.keyboard.type('Name');
      await page.locator('.ant-select-item-option[title="Name"]').click();
      await page.getByLabel('b goes to').click();
      await page.keyboard.type('Founded');
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option-active', { hasText: 'Founded' }).click();
      await page.getByRole('button', { name: 'Save mapping' }).click();
      await page.getByPlaceholder('Name of the mapping').fill(name);
      await page.locator('.save-mapping').getByRole('button', { name: 'Save' }).click();
      await page.locator('.mapping-choice .ant-select', { hasText: name }).waitFor();
      const saved = (await server.request('GET', '/api/v1/accounts/import/mappings')).body.items.find((m) => m.name === name);
      assert.equal(saved.options.sheet, '第二张');
      assert.equal(saved.options.mapping.a, 'name');
      await next(page, 'Dry run');
      await page.locator('.card header h3', { hasText: /Dry run/ }).waitFor();
      await page.getByRole('link', { name: 'Failed rows, XLSX' }).waitFor(); // 2 is no year
      await page.getByRole('link', { name: 'Failed rows, CSV' }).waitFor();
    },
  },

  'import: the steps fit the phone, in the dark, and can be used without a mouse': {
    options: { phone: true, dark: true },
    async run({ page }) {
      await page.goto('/accounts/import');
      await page.locator('.drop input[type=file]').setInputFiles(xlsx('工作簿.xlsx'));
      await step(page, '预览');
      await page.locator('.first-rows td').first().waitFor();
      await page.shot('import-read-390-dark');
      await next(page, '下一步');
      await page.locator('.map-row').nth(1).waitFor();
      await page.shot('import-map-390-dark');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${wide} px over the edge`);
      await clean(page, 'import on the phone');
    },
  },
};
