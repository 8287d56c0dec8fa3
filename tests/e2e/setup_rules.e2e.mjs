// SPDX-License-Identifier: Apache-2.0
// Settings: the expression editor, validation rules, unique rules and indexes, choice lists.
import assert from 'node:assert/strict';
import { both, box, button, declare, drawer, gone, pick, read, record, toast, word } from './setup.mjs';

export const tests = {
  'setup rules: an expression is completed, corrected at its character, tried on a record; the rule binds at once': {
    async run({ page, server }) {
      const o = await declare(server, [{ name: 'begun_on', type: 'date', label: both('开始', 'Starts') }, { name: 'ended_on', type: 'date', label: both('结束', 'Ends') }, { name: 'kind', type: 'choice', label: both('种类', 'Kind'), choices: [{ value: 'open', label: both('开放', 'Open') }] }]);
      await record(server, o, { name: '样本', begun_on: '2026-03-01', ended_on: '2026-03-05' });
      await page.goto(`${o.page}/rules`);
      await button(page, '新建规则').click();
      await drawer(page).locator('.ant-segmented-item', { hasText: '表达式' }).click();
      const area = drawer(page).locator('.expr-box textarea');
      await area.pressSequentially('ended');
      await drawer(page).getByRole('option', { name: 'ended_on' }).waitFor();
      await page.keyboard.press('Enter');
      assert.equal(await area.inputValue(), 'ended_on');
      await area.fill('ended_on >= begun_onz');
      await drawer(page).locator('.expr-error .at', { hasText: 'begun_onz' }).waitFor();
      assert.match(await drawer(page).locator('.expr-error').innerText(), /不是 .* 的字段/);
      await page.shot('setup-expression-error');
      await button(drawer(page), '改为 begun_on').click();
      assert.equal(await area.inputValue(), 'ended_on >= begun_on');
      await drawer(page).getByText('结果：是/否').waitFor();
      await area.blur();
      await pick(page, drawer(page).locator('.sample .ant-select'), '样本');
      await drawer(page).locator('.sample output', { hasText: '是' }).waitFor();
      await button(drawer(page), '函数参考').click();
      await drawer(page).locator('.reference').getByRole('button', { name: 'workdays_between(a, b)' }).waitFor();
      await box(drawer(page), '中文提示').locator('input').fill('结束早于开始');
      await box(drawer(page), '英文提示').locator('input').fill('Ends before it starts');
      await pick(page, box(drawer(page), '显示在字段').locator('.ant-select'), '结束');
      await page.shot('setup-rule');
      await button(drawer(page), '保存').click();
      await gone(page);
      await page.locator('button.frow', { hasText: '结束早于开始' }).waitFor();
      const refused = await server.request('POST', `/api/v1/${o.plural}`, { name: 'x', begun_on: '2026-03-02', ended_on: '2026-03-01' });
      assert.deepEqual([refused.status, refused.body.errors[0].field], [422, 'ended_on']);
      await page.locator('button.frow', { hasText: '结束早于开始' }).click();
      await button(drawer(page), '删除').click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: '删除' }).click();
      await gone(page);
      await page.getByText('还没有校验规则').waitFor();
      assert.equal((await server.request('POST', `/api/v1/${o.plural}`, { name: 'x', begun_on: '2026-03-02', ended_on: '2026-03-01' })).status, 201);
    },
  },
  'setup rules: a formula that the server refuses is told at its place, codes of choices are offered': {
    async run({ page, server }) {
      const o = await declare(server, [{ name: 'kind', type: 'choice', label: both('种类', 'Kind'), choices: [{ value: 'open', label: both('开放', 'Open') }, { value: 'shut', label: both('关闭', 'Shut') }] }]);
      await page.goto(o.page);
      await button(page, '添加字段').click();
      await pick(page, box(drawer(page), '类型').locator('.ant-select'), '公式', { search: true });
      const area = drawer(page).locator('.expr-box textarea').first();
      await area.pressSequentially('kind = "sh');
      await drawer(page).getByRole('option', { name: 'shut' }).waitFor();
      await page.keyboard.press('Tab');
      assert.equal(await area.inputValue(), 'kind = "shut"');
      await area.fill('length(');
      await drawer(page).locator('.expr-error').waitFor();
      await page.keyboard.press('Escape');
    },
  },
  'setup rules: several fields are unique together; an index is built and taken away': {
    async run({ page, server }) {
      const o = await declare(server, [{ name: 'code', type: 'text', label: both('编码', 'Code') }]);
      await page.goto(`${o.page}/indexes`);
      await button(page, '添加').click();
      const fields = box(drawer(page), '字段').locator('.ant-select');
      await pick(page, fields, '名称');
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: '编码' }).first().click();
      await drawer(page).locator('.ant-drawer-title').click();
      await button(drawer(page), '创建').click();
      await gone(page);
      const row = page.locator('.frow.four', { hasText: 'name, code' });
      await row.getByText('就绪').waitFor({ timeout: 60000 }); // behind other jobs
      await record(server, o, { name: 'n', code: 'c' });
      assert.equal((await server.request('POST', `/api/v1/${o.plural}`, { name: 'n', code: 'c' })).status, 409);
      await row.getByRole('button', { name: /^删除/ }).click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: '删除' }).click();
      await row.waitFor({ state: 'detached' });
      assert.equal((await server.request('POST', `/api/v1/${o.plural}`, { name: 'n', code: 'c' })).status, 201);
    },
  },
  'setup lists: colours, order, words, retired and back; a dependent list': {
    async run({ page, server }) {
      const name = word('list');
      await page.goto('/settings/lists');
      await button(page, '新建列表').click();
      await box(drawer(page), '中文名称').first().locator('input').fill('等级');
      await box(drawer(page), '英文名称').first().locator('input').fill(name.replaceAll('_', ' '));
      const entry = (at) => drawer(page).locator('.entry:not(.head)').nth(at);
      for (const [at, [zh, en]] of [['高', 'High'], ['中', 'Middle'], ['低', 'Low']].entries()) {
        await button(drawer(page), '添加选项').click();
        await entry(at).getByLabel('中文名称').fill(zh);
        await entry(at).getByLabel('英文名称').fill(en);
      }
      await entry(0).getByRole('button', { name: /颜色/ }).click();
      await page.locator('.ant-dropdown:not(.ant-dropdown-hidden) .ant-dropdown-menu-item', { hasText: '强调' }).click();
      await drawer(page).getByRole('button', { name: '移动 低' }).focus();
      await page.keyboard.press('ArrowUp');
      await page.shot('setup-list');
      await button(drawer(page), '创建').click();
      await gone(page);
      const stored = async () => (await read(server, `/api/v1/meta/lists/${name}`)).entries;
      assert.deepEqual((await stored()).map((e) => [e.value, e.color]), [['high', 'accent'], ['low', null], ['middle', null]]);
      const retire = async (words) => {
        await page.goto(`/settings/lists/${name}`);
        await entry(1).getByRole('button', { name: /更多操作/ }).click();
        await page.locator('.ant-dropdown:not(.ant-dropdown-hidden) .ant-dropdown-menu-item', { hasText: words }).click();
        await button(drawer(page), '保存').click();
        await gone(page);
      };
      await retire('停用');
      assert.equal((await stored())[1].retired, true);
      await retire('恢复使用');
      assert.equal((await stored())[1].retired, false);
      const o = await declare(server, [{ name: 'grade', type: 'choice', list: name, label: both('等级', 'Grade') }]);
      await page.goto(o.page);
      await button(page, '添加字段').click();
      await box(drawer(page), '英文名称').first().locator('input').fill('sub');
      await pick(page, box(drawer(page), '类型').locator('.ant-select'), '单选', { search: true });
      await pick(page, box(drawer(page), '取决于').locator('.ant-select'), '等级');
      await button(drawer(page), '添加选项').click();
      await entry(0).getByLabel('英文名称').fill('Deep');
      await pick(page, entry(0).locator('.ant-select'), '高');
      await button(drawer(page), '创建').click();
      await gone(page);
      const sub = await read(server, `${o.path}/fields/sub`);
      assert.deepEqual([sub.depends_on, sub.choices[0].parent], ['grade', 'high']);
      assert.equal((await server.request('POST', `/api/v1/${o.plural}`, { name: 'x', grade: 'low', sub: 'deep' })).status, 422);
    },
  },
};
void toast;
