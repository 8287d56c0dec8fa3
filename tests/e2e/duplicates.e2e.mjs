// SPDX-License-Identifier: Apache-2.0
// While a record is typed the form says what looks like it, and takes that back when it is no longer so; the queue of pairs,
// merging side by side and taking it back; looks of both on a phone.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { looksRight, unique } from './access-lib.mjs';
import { newPage, rowsOf } from './browser.mjs';

async function pairOf(server, word) {
  const phone = `1${String(Date.now()).slice(-10)}`;
  const make = async (body) => {
    const answer = await server.request('POST', '/api/v1/accounts', body);
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  };
  const keep = await make({ name: `杭州${word}有限公司`, phone, email: `${unique('pair')}@example.com` });
  const lose = await make({ name: `${word}股份公司`, phone, address: { street: '文一西路1号' } });
  const contact = await server.request('POST', '/api/v1/contacts', { name: unique('随行'), account: lose.id });
  assert.equal(contact.status, 201, contact.text);
  return { keep, lose, contact: contact.body };
}

const accountOf = async (server, contact) => (await server.request('GET', `/api/v1/contacts/${contact.id}`)).body.account.id;
const until = async (what, probe) => {
  for (let i = 0; i < 150; i++) {
    if (await probe()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`never: ${what}`);
};

export const tests = {
  'duplicates: the form of a new customer shows one that is there, and leaves off when the name is another': {
    async run({ page, server }) {
      const email = `${unique('strip')}@example.com`;
      const made = await server.request('POST', '/api/v1/accounts', { name: '翠屿旷岚信息技术有限公司', email });
      assert.equal(made.status, 201, made.text);
      await page.goto('/accounts');
      await page.getByRole('button', { name: '新建客户' }).first().click();
      const name = page.locator('.ant-drawer').getByLabel('客户名称').first();
      await name.fill('成都翠屿旷岚信息技术（集团）公司');
      const strip = page.locator('.duplicate-strip');
      await strip.getByRole('link', { name: made.body.name }).waitFor();
      assert.match(await strip.innerText(), /相似\d+%/);
      await page.shot('duplicate-strip');
      await clean(page, 'duplicate strip', { include: '.duplicate-strip' });
      await name.fill('别处的一家店');
      await strip.waitFor({ state: 'detached' });
    },
  },

  'duplicates: what a rule blocks is saved with a reason by who may, and logged': {
    async run({ page, server }) {
      const email = `${unique('block')}@example.com`;
      const made = await server.request('POST', '/api/v1/accounts', { name: '泾屿砚岭实业', email });
      assert.equal(made.status, 201, made.text);
      const rules = (await server.request('GET', '/api/v1/meta/objects/account')).body.duplicates;
      const set = async (duplicates) => assert.equal((await server.request('PATCH', '/api/v1/meta/objects/account', { duplicates })).status, 200);
      await set(rules.map((r) => (r.name === 'same_email' ? { ...r, action: 'block' } : r)));
      try {
        await page.goto('/accounts');
        await page.getByRole('button', { name: '新建客户' }).first().click();
        const drawer = page.locator('.ant-drawer'), name = unique('蓼汀');
        await drawer.getByLabel('客户名称').first().fill(name);
        await drawer.getByLabel('邮箱').first().fill(email);
        const why = drawer.getByLabel('仍要保存，原因');
        await why.waitFor();
        await why.fill('客户要求分开');
        await page.shot('duplicate-in-spite');
        await clean(page, 'in spite of a rule', { include: '.duplicate-strip' });
        await drawer.getByRole('button', { name: /^创\s?建$/ }).click();
        await drawer.waitFor({ state: 'detached' });
        const found = (await server.request('GET', `/api/v1/accounts?filter=${encodeURIComponent(`name = "${name}"`)}`)).body.items;
        assert.equal(found.length, 1);
        const log = (await server.request('GET', '/api/v1/access-log?limit=50')).body.items.filter((e) => e.record === found[0].id);
        assert.deepEqual(log.map((e) => [e.kind, e.detail]), [['duplicate', '邮箱相同: 客户要求分开']]);
      } finally {
        await set(rules);
      }
    },
  },

  'duplicates: pairs are found, one is remembered as different, one is merged and taken back': {
    async run({ page, server }) {
      const { keep, lose, contact } = await pairOf(server, `鄢${unique('澹')}`);
      const other = await pairOf(server, `郗${unique('泠')}`);
      await page.goto('/accounts/duplicates');
      await page.getByRole('button', { name: '查找重复' }).click();
      const pair = (one) => page.locator('.pair', { hasText: one.name });
      await pair(other.keep).waitFor();
      await pair(other.keep).getByRole('button', { name: '不是重复' }).click();
      await pair(other.keep).waitFor({ state: 'detached' });
      await page.locator('.ant-segmented').getByText('不是重复').click();
      await pair(other.keep).getByRole('button', { name: '重新处理' }).waitFor();
      await page.locator('.ant-segmented').getByText(/待处理/).click();
      await looksRight(page, 'duplicates-1440');
      await pair(keep).getByRole('button', { name: '合并' }).click();
      const drawer = page.locator('.ant-drawer');
      await drawer.getByRole('radio', { name: new RegExp(`${keep.name}.*保留|${keep.name}.*并入`) }).click();
      await drawer.getByRole('radio', { name: new RegExp(`${keep.name}.*保留`) }).waitFor();
      await drawer.getByRole('radiogroup', { name: '客户名称' }).getByRole('radio', { name: lose.name }).click();
      await drawer.getByText(/一起移过来：.*1/).waitFor();
      await looksRight(page, 'merge-1440', { include: '.ant-drawer' });
      await drawer.getByRole('button', { name: /^合\s?并$/ }).click();
      await page.locator('.toast', { hasText: '2条已合为一条' }).waitFor();
      const merged = await server.request('GET', `/api/v1/accounts/${keep.id}`);
      assert.deepEqual([merged.body.name, merged.body.email], [lose.name, keep.email]);
      assert.equal(await accountOf(server, contact), keep.id);
      await page.keyboard.press('Control+z');
      await until('taken back', async () => await accountOf(server, contact) === lose.id);
      assert.equal((await server.request('GET', `/api/v1/accounts/${keep.id}`)).body.name, keep.name);
    },
  },

  'duplicates: rows that were chosen in a list are merged; queue and merge on a phone, in English, dark': {
    async run({ page, server, world }) {
      const { keep, lose } = await pairOf(server, `晁${unique('沅')}`);
      await page.goto(`/accounts?filter=${encodeURIComponent(`id in ("${keep.id}", "${lose.id}")`)}`);
      await rowsOf(page).nth(1).waitFor();
      for (const i of [0, 1]) await rowsOf(page).nth(i).getByRole('checkbox').click();
      await page.locator('.bulk').getByRole('button', { name: '合并' }).click();
      await page.locator('.ant-drawer').getByRole('radiogroup', { name: '客户名称' }).waitFor();
      await page.route('**/api/v1/jobs/*', async (route) => { // the list behind knows before the drawer that one is gone
        await new Promise((done) => setTimeout(done, 4000));
        await route.continue();
      });
      await page.locator('.ant-drawer').getByRole('button', { name: /^合\s?并$/ }).click();
      await page.locator('.toast', { hasText: '2条已合为一条' }).waitFor();
      await rowsOf(page).nth(1).waitFor({ state: 'detached' });
      const [kept, gone] = (await server.request('GET', `/api/v1/accounts/${keep.id}`)).status === 200 ? [keep, lose] : [lose, keep];
      await page.goto(`/accounts/${kept.id}`);
      await page.locator('.merged-from', { hasText: `属于已并入的“${gone.name}”` }).first().waitFor();
      const { keep: next } = await pairOf(server, `昝${unique('潞')}`);
      const small = await newPage(world, { phone: true, language: 'en', dark: true });
      try {
        await small.goto('/accounts/duplicates');
        await small.getByRole('button', { name: 'Find duplicates' }).click();
        const pair = small.locator('.pair', { hasText: next.name });
        await pair.waitFor();
        await small.mouse.move(10, 500); // off the button, whose hover is another colour
        await looksRight(small, 'duplicates-390-dark-en');
        await pair.getByRole('button', { name: 'Merge' }).click();
        await small.locator('.ant-drawer').getByRole('radiogroup', { name: 'Name', exact: true }).waitFor();
        await looksRight(small, 'merge-390-dark-en', { include: '.ant-drawer' });
        assert.deepEqual(small.faults, []);
      } finally {
        await small.context().close();
      }
    },
  },
};
