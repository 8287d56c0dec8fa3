// SPDX-License-Identifier: Apache-2.0
// What the browser tests know of each field type: how its input is driven, what is stored, what is shown, what is refused.
import { Buffer } from 'node:buffer';

const both = (zh, en) => ({ 'zh-CN': zh, en });
const choices = [{ value: 'a', label: both('甲', 'Ay') }, { value: 'b', label: both('乙', 'Bee') }, { value: 'c', label: both('丙', 'Cee') }];
const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
export const picture = { name: '照片.png', mimeType: 'image/png', buffer: dot };
export const paper = (n) => ({ name: `合同${n}.txt`, mimeType: 'text/plain', buffer: Buffer.from(`page ${n}`) });

const open = '.ant-select-dropdown:not(.ant-select-dropdown-hidden)';
const at = (form, name) => form.locator(`#field-${name}`);
export const boxOf = (form, name) => form.locator(`.ff:has([id="field-${name}"])`);

/** The list of the select before is gone: while it goes it would still be taken for the open one. */
const closed = (page) => page.waitForFunction((selector) => !document.querySelector(selector), open);

/** Opens the select around an input and takes the option of these words; a list that closed under the click is opened again. */
export async function pick(page, select, words) {
  const taken = select.filter({ hasText: words });
  for (let tries = 0; tries < 3 && !(tries && await taken.count()); tries++) {
    await closed(page);
    await select.click();
    await page.locator(`${open} .ant-select-item-option`, { hasText: words }).first().click();
    await taken.waitFor({ timeout: 3000 }).catch(() => {});
  }
  await taken.waitFor();
}
async function search(page, select, words) {
  if (await select.locator('input').first().getAttribute('aria-expanded') !== 'true') await closed(page);
  await select.locator('input').fill(words);
  await page.locator(`${open} .ant-select-item-option`, { hasText: words }).first().click();
}
const selectOf = (form, name) => boxOf(form, name).locator('.ant-select').first();
const close = async (page) => { await page.keyboard.press('Escape'); };

const typed = (name) => async ({ form }, value) => { await at(form, name).fill(value); };
const chosen = (name) => async ({ page, form, language }, value) => pick(page, selectOf(form, name), value[language]);
/** The cross of a select; it shows when the pointer is over it. */
async function wipe({ form }, name) {
  const select = selectOf(form, name);
  await select.hover();
  await select.locator('.ant-select-clear').first().click({ force: true });
}
async function manyOf({ page, form }, name, words) {
  await closed(page);
  await selectOf(form, name).click();
  for (const word of words) await page.locator(`${open} .ant-select-item-option`, { hasText: word }).first().click();
  await page.locator('.ant-drawer-title').first().click();
}
const emptied = async ({ page, form }, name) => {
  const select = selectOf(form, name);
  await select.locator('input').focus();
  while (await select.locator('.ant-select-selection-item').count()) await page.keyboard.press('Backspace');
  await page.locator('.ant-drawer-title').first().click();
};
const textual = (name, first, second, bad, more = {}) => ({
  enter: typed(name), values: [[first, first], [second, second]], clear: typed(name), cleared: '', bad, spoil: typed(name), ...more,
});

/**
 * name: { type, decl, values: [[typed, stored]] twice, enter, clear, shown: what list and page hold (words, or by language), bad: what is refused }.
 * `spoil` writes what is refused; `refusal: 'here'` means that the control itself says so and the form is not sent.
 */
export const types = {
  text: { ...textual('text', '你好 World', 'second', undefined), decl: { max: 20 } },
  long_text: textual('long_text', '第一行\n第二行', 'one line', undefined),
  rich_text: {
    enter: async ({ page, form }, value) => { await at(form, 'rich_text').click(); await page.keyboard.press('Control+A'); await page.keyboard.press('Control+B'); await page.keyboard.insertText(value); },
    values: [['粗体', /<strong>粗体<\/strong>/], ['bold', /bold/]], clear: async ({ page, form }) => { await at(form, 'rich_text').click(); await page.keyboard.press('Control+A'); await page.keyboard.press('Delete'); },
  },
  integer: textual('integer', '1234567', '42', '1.5', { values: [['1234567', 1234567], ['42', 42]], shown: ['1,234,567', '42'] }),
  decimal: textual('decimal', '1.5', '1000.25', '1.234', { decl: { scale: 2 }, values: [['1.5', '1.50'], ['1000.25', '1000.25']], shown: ['1.5', '1,000.25'] }),
  percent: textual('percent', '15', '12.5', 'x', { values: [['15', '15.00'], ['12.5', '12.50']], shown: ['15%', '12.5%'] }),
  money: textual('money', '1180000', '99.9', 'much', { values: [['1180000', { value: '1180000.00', currency: 'CNY' }], ['99.9', { value: '99.90', currency: 'CNY' }]], shown: ['1,180,000', '99.90'] }),
  boolean: {
    enter: async ({ form }, value) => { if ((await at(form, 'boolean').getAttribute('aria-checked') === 'true') !== value) await at(form, 'boolean').click(); },
    values: [[true, true], [false, false]], shown: [both('是', 'Yes'), both('否', 'No')], never: 'a switch has two states',
  },
  date: {
    enter: async ({ page, form }, value) => { await at(form, 'date').fill(value); await page.keyboard.press('Enter'); },
    values: [['2024-03-01', '2024-03-01'], ['2024-12-31', '2024-12-31']], shown: [both('2024年3月1日', '2024'), both('2024年12月31日', '2024')], clear: (d) => unpick(d, 'date'),
  },
  datetime: {
    enter: async ({ page, form }, value) => { await at(form, 'datetime').fill(value); await page.keyboard.press('Enter'); },
    values: [['2024-03-01 09:00', '2024-03-01T01:00:00.000Z'], ['2024-03-01 10:30', '2024-03-01T02:30:00.000Z']], shown: ['9:00', '10:30'], clear: (d) => unpick(d, 'datetime'),
  },
  duration: textual('duration', '1:30', '2:00', '1:75', { values: [['1:30', 'PT1H30M'], ['120', 'PT2H']], shown: ['1:30', '2:00'] }),
  choice: { decl: { choices }, enter: chosen('choice'), values: [[both('甲', 'Ay'), 'a'], [both('乙', 'Bee'), 'b']], shown: [both('甲', 'Ay'), both('乙', 'Bee')], clear: (d) => wipe(d, 'choice') },
  choices: {
    decl: { choices }, enter: async (d, value) => { await emptied(d, 'choices'); await manyOf(d, 'choices', value[d.language]); },
    values: [[both(['甲', '丙'], ['Ay', 'Cee']), ['a', 'c']], [both(['乙'], ['Bee']), ['b']]], shown: [both('丙', 'Cee'), both('乙', 'Bee')], clear: (d) => emptied(d, 'choices'), empty: [],
  },
  tags: {
    enter: async (d, value) => { await emptied(d, 'tags'); await selectOf(d.form, 'tags').locator('input').fill(value); await d.page.keyboard.press('Enter'); },
    values: [['VIP、老客户', ['VIP', '老客户']], ['新', ['新']]], shown: ['老客户', '新'], clear: (d) => emptied(d, 'tags'), empty: [], bad: 'x'.repeat(100), spoil: async (d, value) => { await selectOf(d.form, 'tags').locator('input').fill(value); await d.page.keyboard.press('Enter'); },
  },
  email: textual('email', 'A@b.cn', 'c@d.cn', 'a@b', { values: [['A@b.cn', 'a@b.cn'], ['c@d.cn', 'c@d.cn']], shown: ['a@b.cn', 'c@d.cn'] }),
  phone: textual('phone', '13805127746', '057485426469', 'call me', { shown: [/138\s*0512\s*7746/, /0574\s*8542\s*6469/] }),
  url: textual('url', 'a.cn/x', 'http://b.cn', 'javascript:alert(1)', { values: [['a.cn/x', 'https://a.cn/x'], ['http://b.cn', 'http://b.cn']], shown: ['a.cn/x', 'b.cn'] }),
  address: {
    enter: async ({ page, form, language }, [province, city, street]) => {
      await search(page, boxOf(form, 'address').locator('.ant-select').nth(0), province[language]);
      await search(page, boxOf(form, 'address').locator('.ant-select').nth(1), city[language]);
      await boxOf(form, 'address').locator('input.wide, .wide input').first().fill(street);
    },
    values: [[[both('浙江', 'Zhejiang'), both('杭州', 'Hangzhou'), '文三路90号'], { country: null, province: 'zhejiang', city: 'hangzhou', district: null, street: '文三路90号', postcode: null }],
      [[both('江苏', 'Jiangsu'), both('苏州', 'Suzhou'), '人民路1号'], { country: null, province: 'jiangsu', city: 'suzhou_320500', district: null, street: '人民路1号', postcode: null }]],
    shown: ['文三路90号', '人民路1号'],
    clear: async ({ form }) => {
      const province = boxOf(form, 'address').locator('.ant-select').nth(0);
      await province.hover();
      await province.locator('.ant-select-clear').click({ force: true });
      await boxOf(form, 'address').locator('input.wide, .wide input').first().fill('');
    },
  },
  geo: textual('geo', '30.2741, 120.1551', '31.2304,121.4737', '91, 0', { values: [['30.2741, 120.1551', { lat: 30.2741, lng: 120.1551 }], ['31.2304,121.4737', { lat: 31.2304, lng: 121.4737 }]], shown: ['30.2741', '31.2304'] }),
  json: textual('json', '{"b":1}', '[1,2]', '{"b":', { values: [['{"b":1}', { b: 1 }], ['[1,2]', [1, 2]]], shown: ['"b"', /1,\s*2/], refusal: 'here' }),
  rating: {
    decl: { max: 5 }, enter: async ({ form }, value) => { await boxOf(form, 'rating').locator('.ant-rate-star').nth(value - 1).click({ position: { x: 12, y: 8 } }); },
    values: [[2, 2], [5, 5]], label: ['2 / 5', '5 / 5'], clear: async ({ form }) => { await boxOf(form, 'rating').locator('.ant-rate-star').nth(4).click({ position: { x: 12, y: 8 } }); },
  },
  color: { enter: chosen('color'), values: [[both('胭脂', 'Rouge'), 'rouge'], [both('青瓷', 'Celadon'), 'celadon']], shown: [both('胭脂', 'Rouge'), both('青瓷', 'Celadon')], clear: (d) => wipe(d, 'color') },
  secret: textual('secret', 'top-密-4711', 'other-secret', undefined, { values: [['top-密-4711', '••••••••'], ['other-secret', '••••••••']], shown: ['••••', '••••'], clear: undefined, clearBy: (d) => boxOf(d.form, 'secret').locator('.secret-clear').click() }),
  link: { decl: { to: 'account' }, enter: ({ page, form }, value) => search(page, selectOf(form, 'link'), value), values: [['甲方', 'one'], ['乙方', 'two']], shown: ['甲方', '乙方'], clear: (d) => wipe(d, 'link') },
  links: {
    decl: { to: 'account' }, enter: async (d, value) => { await emptied(d, 'links'); for (const word of value) { await search(d.page, selectOf(d.form, 'links'), word); } await d.page.locator('.ant-drawer-title').first().click(); },
    values: [[['甲方', '乙方'], ['one', 'two']], [['乙方'], ['two']]], shown: ['甲方', '乙方'], clear: (d) => emptied(d, 'links'), empty: [],
  },
  any_link: {
    decl: { to: ['account', 'contact'] },
    enter: async ({ page, form, language }, [kind, words]) => {
      await pick(page, boxOf(form, 'any_link').locator('.ant-select').first(), kind[language]);
      await search(page, boxOf(form, 'any_link').locator('.ant-select').nth(1), words);
    },
    values: [[[both('客户', 'Account'), '甲方'], 'one'], [[both('联系人', 'Contact'), '李雷'], 'person']], shown: ['甲方', '李雷'],
    clear: async ({ form }) => { const kind = boxOf(form, 'any_link').locator('.ant-select').first(); await kind.hover(); await kind.locator('.ant-select-clear').click({ force: true }); },
  },
  file: {
    decl: { multiple: true, accept: ['text/'], max_size: 100 }, enter: (d, files) => give(d, 'file', files), values: [[[paper(1), paper(2)], ['合同1.txt', '合同2.txt']], [[paper(3)], ['合同1.txt', '合同2.txt', '合同3.txt']]],
    shown: ['合同1.txt', '合同2.txt'], clear: (d) => dropAll(d, 'file'), empty: [], bad: [{ name: 'long.txt', mimeType: 'text/plain', buffer: Buffer.alloc(200, 65) }], spoil: (d, files) => give(d, 'file', files), refusal: 'here',
  },
  image: { enter: (d, files) => give(d, 'image', files), values: [[[picture], '照片.png'], [[{ ...picture, name: '封面.png' }], '封面.png']], shown: ['照片.png', '封面.png'], clear: (d) => dropAll(d, 'image') },
};

async function unpick({ form }, name) {
  const picker = boxOf(form, name).locator('.ant-picker');
  await picker.hover();
  await picker.locator('.ant-picker-clear').click({ force: true });
}
async function give({ form }, name, files) {
  const box = boxOf(form, name);
  await box.locator('input[type=file]').setInputFiles(files);
  await box.locator('[role=progressbar]').waitFor({ state: 'detached' });
}
async function dropAll({ form }, name) {
  const crosses = boxOf(form, name).locator('.file-row .file-remove');
  while (await crosses.count()) await crosses.first().click();
}
