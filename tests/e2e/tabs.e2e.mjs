// SPDX-License-Identifier: Apache-2.0
// Sections of a layout as tabs: made in the layout editor, shown in the form (a refused field brings its tab to the front) and beside the record.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { both, button, declare, drawer, read, record, toast } from './setup.mjs';

const FIELDS = [{ name: 'a', type: 'text', label: both('甲', 'Ay') }, { name: 'b', type: 'integer', label: both('乙', 'Bee'), max: 9 }, { name: 'c', type: 'text', label: both('丙', 'Cee') }];
const input = (form, words) => form.locator('.form-grid > *').filter({ hasText: words }).locator('input').first();
const sections = (tabs) => [
  { label: both('基本', 'Basics'), columns: 2, fields: ['name'] },
  { label: both('一', 'One'), columns: 2, fields: ['a'], ...(tabs ? { tab: both('联系', 'Contact') } : {}) },
  { label: both('二', 'Two'), columns: 2, fields: ['b', 'c'], ...(tabs ? { tab: both('数字', 'Numbers') } : {}) },
];

async function laidOut(server, tabs) {
  const o = await declare(server, FIELDS);
  const set = await server.request('PATCH', o.path, { layouts: [{ layout: `${o.object}.form`, kind: 'form', sections: sections(tabs) }] });
  assert.equal(set.status, 200, set.text);
  return o;
}

export const tests = {
  'tabs: the form shows one at a time, keeps what was typed, and brings a mistake to the front; the record shows them too': {
    async run({ page, server }) {
      page.expected.push('422'); // 99 is more than the field takes
      const o = await laidOut(server, true);
      await page.goto(`/${o.plural}?new=1`);
      const form = drawer(page);
      const tab = (words) => form.getByRole('tab', { name: words });
      await form.getByRole('textbox', { name: /^名称/ }).fill('有页签的');
      await input(form, '甲').fill('电话');
      assert.equal(await input(form, '乙').count(), 0);
      await tab('联系').focus();
      await page.keyboard.press('ArrowRight');
      await form.getByRole('tab', { name: '数字', selected: true }).waitFor();
      await input(form, '乙').fill('99');
      await tab('联系').click();
      assert.equal(await input(form, '甲').inputValue(), '电话');
      await page.shot('tabs-form');
      await clean(page, 'form with tabs', { include: '.ant-drawer' });
      await button(form, '创建').click();
      await form.getByRole('tab', { name: '数字', selected: true }).waitFor();
      await form.locator('.tab-mark').waitFor();
      await input(form, '乙').fill('9');
      await form.locator('.ant-btn-primary:not(.ant-btn-loading)', { hasText: '创建' }).click(); // the turning circle, as it fades, still is part of the name
      await page.locator('.ant-drawer-content-wrapper').waitFor({ state: 'detached' });
      const [made] = (await read(server, `/api/v1/${o.plural}`)).items;
      assert.deepEqual([made.a, made.b], ['电话', 9]);
      await page.goto(`/${o.plural}/${made.id}`);
      const panel = page.locator('aside.r');
      await panel.locator('.fl', { hasText: '甲' }).waitFor();
      assert.equal(await panel.locator('.fl', { hasText: '乙' }).count(), 0);
      await panel.getByRole('tab', { name: '数字' }).click();
      await panel.locator('.fl', { hasText: '乙' }).waitFor();
      await page.shot('tabs-record');
      await clean(page, 'record with tabs', { include: 'aside.r' });
    },
  },

  'tabs: the layout editor begins and ends one': {
    async run({ page, server }) {
      const o = await laidOut(server, false);
      await page.goto(`${o.page}/layouts`);
      const more = (name) => page.getByRole('button', { name: `${name}的更多操作` });
      const act = async (name, words) => { await more(name).click(); await page.locator('.ant-dropdown:not(.ant-dropdown-hidden)').getByRole('menuitem', { name: words }).click(); await page.waitForFunction(() => !document.querySelector('.ant-dropdown:not(.ant-dropdown-hidden)')); };
      await act('一', '从这里开始一个页签');
      await page.getByLabel('一的页签中文名称').fill('联系');
      await act('二', '从这里开始一个页签');
      await page.getByLabel('二的页签英文名称').fill('Numbers');
      await page.shot('tabs-layout');
      const save = async () => { await button(page, '保存').click(); await page.waitForFunction(() => [...document.querySelectorAll('.layout-foot .ant-btn-primary')].every((b) => b.disabled)); await toast(page, '已保存布局'); };
      await save();
      const stored = async () => (await read(server, `${o.path}/layouts`)).items.find((l) => l.kind === 'form').sections.map((s) => s.tab?.['zh-CN'] ?? null);
      assert.deepEqual(await stored(), [null, '联系', '二']);
      await act('二', '取消页签');
      await save();
      assert.deepEqual(await stored(), [null, '联系', null]);
      const made = await record(server, o, { name: '看', a: 'x', b: 1 });
      await page.goto(`/${o.plural}/${made.id}`);
      await page.locator('aside.r').getByRole('tab', { name: '联系' }).waitFor();
      await page.locator('aside.r .fl', { hasText: '乙' }).waitFor();
    },
  },

  'tabs: on the phone, dark, in English': {
    options: { phone: true, language: 'en', dark: true },
    async run({ page, server }) {
      const o = await laidOut(server, true);
      const made = await record(server, o, { name: 'Small', a: 'x', b: 1, c: 'y' });
      await page.goto(`/${o.plural}/${made.id}`);
      await page.locator('.rec').getByRole('tab', { name: 'Numbers' }).click();
      await page.locator('.fl', { hasText: 'Bee' }).waitFor();
      await page.shot('tabs-record-390');
      await clean(page, 'record with tabs, 390');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    },
  },
};
