// SPDX-License-Identifier: Apache-2.0
// Settings, fields: every type made with its options, changed, renamed, retyped after a trial, removed, brought back; two people at once.
import assert from 'node:assert/strict';
import { both, box, button, declare, drawer, fieldOf, gone, pick, read, record, toast } from './setup.mjs';

const type = (words) => (page) => pick(page, box(drawer(page), '类型').locator('.ant-select'), words, { search: true });
const fill = (label, value) => async (page) => { await box(drawer(page), label).locator('input, textarea').first().fill(value); };
const choose = (label, words) => (page) => pick(page, box(drawer(page), label).locator('.ant-select').first(), words, { search: true });
const flip = (name) => async (page) => { await drawer(page).getByRole('switch', { name, exact: true }).click(); };
async function expression(page, text) {
  const area = drawer(page).locator('.expr-box textarea').first();
  await area.fill(text);
  await drawer(page).locator('.expr-ok').first().waitFor();
  await area.blur();
}
async function choices(page) {
  for (const [at, words] of [['甲', 'Alpha'], ['乙', 'Beta']].entries()) {
    await button(drawer(page), '添加选项').click();
    await drawer(page).locator('.entry:not(.head)').nth(at).getByLabel('中文名称').fill(words[0]);
    await drawer(page).locator('.entry:not(.head)').nth(at).getByLabel('英文名称').fill(words[1]);
  }
}

/** name: [words of the type, steps, what is stored of it] */
const TYPES = {
  text: ['文本', [fill('最多字数', '12'), fill('默认值', 'x')], { max: 12, default: 'x' }], long_text: ['多行文本', [fill('最多字数', '500')], { max: 500 }], rich_text: ['富文本', [], {}], email: ['邮箱', [], {}], phone: ['电话', [], {}], url: ['网址', [], {}], tags: ['标签', [], {}],
  integer: ['整数', [fill('最小值', '1'), fill('最大值', '9')], { min: '1', max: '9' }], decimal: ['小数', [fill('小数位数', '3')], { scale: 3 }], percent: ['百分比', [fill('小数位数', '1')], { scale: 1 }], money: ['金额', [fill('小数位数', '2'), fill('最小值', '0.50')], { scale: 2, min: '0.50' }],
  rating: ['评分', [fill('星数', '7')], { max: 7 }], duration: ['时长', [], {}], choice: ['单选', [choices], { choices: ['alpha', 'beta'] }], choices: ['多选', [choices], { choices: ['alpha', 'beta'] }], boolean: ['是/否', [choose('默认值', '是')], { default: true }], color: ['颜色', [], {}],
  date: ['日期', [fill('默认值', '2026-03-01')], { default: '2026-03-01' }], datetime: ['日期时间', [], {}], link: ['关联', [choose('关联到', '客户'), choose('对方被删除时', '清空此字段'), flip('随对方一起可见')], { to: 'account', on_delete: 'clear', visible_with: true }],
  links: ['多个关联', [choose('关联到', '联系人')], { to: 'contact' }], any_link: ['任意关联', [choose('关联到', '任意对象')], { to: ['*'] }], address: ['地址', [], {}], geo: ['位置', [], {}],
  file: ['文件', [flip('允许多个'), fill('允许的类型', 'application/pdf, image/'), fill('单个文件上限', '2')], { multiple: true, accept: ['application/pdf', 'image/'], max_size: 2097152 }], image: ['图片', [fill('单个文件上限', '0.5')], { max_size: 524288 }],
  formula: ['公式', [(page) => expression(page, 'length(name) * 2'), choose('结果类型', '整数')], { of: 'length(name) * 2', result: 'integer' }], rollup: ['汇总', [(page) => expression(page, 'count(parts)')], { of: 'count(parts)' }], auto_number: ['自动编号', [fill('编号格式', 'T{0000}')], { number: 'T{0000}' }],
  secret: ['加密', [], {}], json: ['JSON', [], {}],
};

async function make(page, name, [words, steps]) {
  await button(page, '添加字段').click();
  await box(drawer(page), '中文名称').locator('input').fill(`字段${name}`);
  await box(drawer(page), '英文名称').locator('input').fill(`f ${name}`);
  await type(words)(page);
  for (const step of steps) await step(page);
  await button(drawer(page), '创建').click();
  await gone(page).catch(async (e) => { throw new Error(`${name}: ${await drawer(page).locator('.err, .banner').allInnerTexts()}`, { cause: e }); });
}

async function openField(page, o, name) {
  await page.goto(o.page);
  await page.locator('button.frow', { has: page.locator(`code:text-is("${name}")`) }).click();
  await drawer(page).locator('.field-actions').waitFor();
}

export const tests = {
  'setup fields: a field of every type with its options': {
    async run({ page, server }) {
      const o = await declare(server);
      const part = await server.request('POST', '/api/v1/meta/objects', { object: `${o.object}_p`, plural: `${o.object}_ps`, title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'whole', type: 'link', to: o.object, inverse: 'parts' }] });
      assert.equal(part.status, 201, part.text);
      await page.goto(o.page);
      for (const [name, how] of Object.entries(TYPES)) {
        await make(page, name, how);
        const made = await fieldOf(server, o, `f_${name}`);
        assert.equal(made.type, name);
        for (const [key, wanted] of Object.entries(how[2])) assert.deepEqual(key === 'choices' ? made.choices.map((c) => c.value) : made[key], wanted, `${name}.${key}`);
      }
      await page.locator('button.frow').nth(Object.keys(TYPES).length).waitFor(); // the name and one of each
      assert.equal(await page.locator('button.frow').count(), Object.keys(TYPES).length + 1);
      await page.shot('setup-fields-all');
    },
  },
  'setup fields: changed, refused at its place, renamed, required, searched as a job': {
    async run({ page, server }) {
      const o = await declare(server, [{ name: 'size', type: 'text', label: both('尺寸', 'Size') }, { name: 'twice', type: 'formula', of: 'length(size)', result: 'integer', label: both('长度', 'Length') }]);
      for (const size of ['1', '1', '2']) await record(server, o, { name: size, size });
      await openField(page, o, 'size');
      await drawer(page).getByRole('switch', { name: '唯一' }).click();
      await button(drawer(page), '保存').click();
      await drawer(page).locator('.banner.danger, .err').first().waitFor();
      assert.ok(!(await fieldOf(server, o, 'size')).unique);
      await drawer(page).getByRole('switch', { name: '唯一' }).click();
      await drawer(page).getByRole('switch', { name: '进入搜索' }).click();
      await box(drawer(page), '中文名称').locator('input').fill('大小');
      await button(drawer(page), '保存').click();
      await gone(page);
      const changed = await fieldOf(server, o, 'size');
      assert.deepEqual([changed.label['zh-CN'], changed.search], ['大小', true]);
      await openField(page, o, 'size');
      await drawer(page).locator('.field-actions').getByLabel('更改标识').fill('extent');
      await button(drawer(page), '改名').click();
      await gone(page);
      assert.equal((await fieldOf(server, o, 'twice')).of, 'length(extent)');
    },
  },
  'setup fields: another type after a trial with counts and samples, removal, bringing back with data': {
    async run({ page, server }) {
      const o = await declare(server, [{ name: 'size', type: 'text', label: both('尺寸', 'Size') }]);
      for (const size of ['1', '2', 'large']) await record(server, o, { name: size, size });
      await openField(page, o, 'size');
      await pick(page, box(drawer(page), '更改类型').locator('.ant-select'), '整数');
      await button(drawer(page), '试算').click();
      await drawer(page).locator('[role=status]', { hasText: '2 个值可以转换，1 个放不下' }).waitFor();
      await drawer(page).locator('.samples', { hasText: 'large' }).waitFor();
      assert.equal((await fieldOf(server, o, 'size')).type, 'text');
      await page.shot('setup-retype-trial');
      await drawer(page).locator('.field-actions').getByRole('button', { name: '更改类型' }).click();
      await gone(page);
      assert.equal((await fieldOf(server, o, 'size')).type, 'integer');
      await openField(page, o, 'size');
      await drawer(page).locator('.former .samples', { hasText: 'large' }).waitFor();
      await button(drawer(page), '移除字段').click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: '移除字段' }).click();
      await page.locator('button.frow', { has: page.locator('code:text-is("size")') }).waitFor({ state: 'detached' });
      await page.goto('/settings/bin');
      const row = page.locator('.frow.bin', { hasText: `${o.object}.size` });
      await row.getByRole('button', { name: '彻底删除' }).click();
      await page.locator('.ant-modal', { hasText: '3 条记录中有 2 条在此字段有值' }).waitFor();
      await page.locator('.ant-modal').getByRole('button', { name: '取消' }).click();
      await row.getByRole('button', { name: '恢复' }).click();
      await row.waitFor({ state: 'detached' });
      const values = (await read(server, `/api/v1/${o.plural}?sort=name`)).items.map((r) => r.size);
      assert.deepEqual(values, [1, 2, null]);
    },
  },
  'setup fields: two people at once, neither change is lost without a word': {
    async run({ page, server }) {
      const o = await declare(server, [{ name: 'size', type: 'text', label: both('尺寸', 'Size') }]);
      page.expected.push('412');
      await openField(page, o, 'size');
      assert.equal((await server.request('PATCH', `${o.path}/fields/size`, { help: both('别人写的', 'theirs') })).status, 200);
      await box(drawer(page), '中文名称').locator('input').fill('我的');
      await button(drawer(page), '保存').click();
      await drawer(page).locator('.banner.warn', { hasText: '已被别人修改' }).waitFor();
      await page.shot('setup-stale');
      assert.equal((await fieldOf(server, o, 'size')).label['zh-CN'], '尺寸');
      assert.equal(await box(drawer(page), '中文名称').locator('input').inputValue(), '我的');
      await button(drawer(page), '仍然保存').click();
      await gone(page);
      const both_ = await fieldOf(server, o, 'size');
      assert.deepEqual([both_.label['zh-CN'], both_.help['zh-CN']], ['我的', '别人写的']);
      await openField(page, o, 'size');
      await server.request('PATCH', `${o.path}/fields/size`, { label: both('又一次', 'again') });
      await box(drawer(page), '中文名称').locator('input').fill('不要了');
      await button(drawer(page), '保存').click();
      await button(drawer(page), '放弃我的更改').click();
      await gone(page);
      await page.locator('button.frow', { hasText: '又一次' }).waitFor();
    },
  },
};
void toast;
