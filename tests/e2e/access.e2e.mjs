// SPDX-License-Identifier: Apache-2.0
// Rights on a record: opening it to others and closing it again, who can see it and why, masked, read-only and hidden
// fields, actions that are not allowed, and addresses that lead nowhere.
import assert from 'node:assert/strict';
import { eachLook, lookName, looksRight, makeColleague, makeRole, pageOf, pick, unique } from './access-lib.mjs';

const account = async (server, more = {}) => {
  const made = await server.request('POST', '/api/v1/accounts', { name: unique('共享客户'), phone: '021-50000001', ...more });
  assert.equal(made.status, 201, made.text);
  return made.body;
};
const shares = async (server, id) => (await server.request('GET', `/api/v1/accounts/${id}/shares`)).body.items;
const WORDS = {
  'zh-CN': { add: '共享', edit: '可编辑', read: '可查看', undo: '撤销', why: '谁能看到', open: '共享', cannot: '看不到', can: '能看到' },
  en: { add: 'Share', edit: 'Can edit', read: 'Can read', undo: 'Undo', why: 'Who can see this', open: 'Share', cannot: 'cannot see it', can: 'can see it' },
};
const option = (page, words) => page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: words }).first();

const sharing = (language, phone) => ({
  options: { language, phone },
  async run({ page, server }) {
    const w = WORDS[language];
    const mate = await makeColleague(server);
    const { id } = await account(server);
    await page.goto(`/accounts/${id}`);
    await page.locator('.people').getByRole('button', { name: w.open, exact: true }).click();
    await pick(page, '#share-who', mate.name);
    await page.locator('#share-level').click();
    await option(page, w.edit).click();
    await page.locator('.share-add').getByRole('button', { name: w.add, exact: true }).click();
    const row = page.locator('.share-list .share-row', { hasText: mate.name });
    await row.waitFor();
    await page.locator('.toast', { hasText: mate.name }).waitFor();
    assert.deepEqual((await shares(server, id)).map((s) => [s.user.id, s.level, s.source, s.until]), [[mate.id, 'edit', 'field', null]]);
    await page.locator('.rechead .faces', { hasText: mate.name }).waitFor({ state: 'attached' });
    await looksRight(page, `share-${phone ? 390 : 1440}-${language}`);
    await row.locator('.ant-select').click();
    await option(page, w.read).click();
    for (let i = 0; i < 100 && (await shares(server, id))[0].level !== 'read'; i++) await page.waitForTimeout(100); // the toast of before names him too
    assert.equal((await shares(server, id))[0].level, 'read');
    await row.locator('button.ib').click();
    await row.waitFor({ state: 'detached' });
    assert.deepEqual(await shares(server, id), []);
    await page.locator('.toast button', { hasText: w.undo }).click();
    await row.waitFor();
    assert.deepEqual((await shares(server, id)).map((s) => [s.user.id, s.level, s.source, s.field]), [[mate.id, 'read', 'field', 'readers']]);
  },
});

const explaining = (language, phone) => ({
  options: { language, phone },
  async run({ page, server }) {
    const w = WORDS[language];
    const [stranger, friend] = [await makeColleague(server), await makeColleague(server)];
    const { id } = await account(server);
    await server.request('POST', `/api/v1/accounts/${id}/share`, { with: [{ user: friend.id }] });
    await page.goto(`/accounts/${id}`);
    await page.locator('.people').getByRole('button', { name: w.why }).click();
    const drawer = page.locator('.ant-drawer');
    await drawer.locator('.share-row', { hasText: friend.name }).waitFor();
    assert.equal(await drawer.locator('.share-row', { hasText: stranger.name }).count(), 0);
    await pick(page, '#explain-who', stranger.name);
    await drawer.locator('.answer', { hasText: w.cannot }).waitFor();
    assert.match(await drawer.locator('.answer .rules').innerText(), language === 'en' ? /reaches only: their own records/ : /只及：本人负责的/);
    await looksRight(page, `explain-${phone ? 390 : 1440}-${language}`);
    await pick(page, '#explain-who', friend.name);
    await drawer.locator('.answer', { hasText: friend.name }).waitFor();
    assert.match(await drawer.locator('.answer').innerText(), new RegExp(w.can));
    assert.equal(await drawer.locator('.answer .chip:not(.no)').count(), 1, 'a share for reading opens reading alone');
  },
});

/** Somebody whose role reads all accounts, changes his own, and knows some fields less than others. */
async function limited(server) {
  const role = await makeRole(server, {
    account: { read: 'all', create: true, update: 'own', delete: 'none', export: 'none', import: false, share: 'none', transfer: 'none', bulk: 'none', fields: { phone: 'reveal', website: 'read', short_name: 'hidden', founded_year: 'masked' } },
    user: { read: 'all' },
  });
  return { role, person: await makeColleague(server, [role.code]) };
}

export const tests = {
  'access: shared, changed, closed and opened again, 1440 zh-CN': sharing('zh-CN', false),
  'access: shared, changed, closed and opened again, 390 zh-CN': sharing('zh-CN', true),
  'access: shared, changed, closed and opened again, 1440 en': sharing('en', false),
  'access: shared, changed, closed and opened again, 390 en': sharing('en', true),
  'access: who can see it and why, 1440 zh-CN': explaining('zh-CN', false),
  'access: who can see it and why, 390 en': explaining('en', true),
  'access: both drawers and the side panel in eight looks': {
    async run({ world, server }) {
      const mate = await makeColleague(server);
      const { id } = await account(server);
      const team = (await server.request('POST', '/api/v1/teams', { name: unique('团队') })).body;
      await server.request('POST', `/api/v1/accounts/${id}/share`, { with: [{ user: mate.id }], level: 'edit', as: 'collaborator' });
      await server.request('POST', `/api/v1/accounts/${id}/share`, { with: [{ team: team.id }, { everyone: true }], until: '2031-01-31T10:00:00Z' });
      await eachLook(world, 'access', async (page, look) => {
        await page.goto(`/accounts/${id}`);
        await page.locator('.people .person').nth(2).waitFor();
        await looksRight(page, lookName('access-panel', look));
        await page.locator('.people-list').click();
        await page.locator('.share-row').nth(3).waitFor();
        await looksRight(page, lookName('access-share', look));
        await page.locator('.ant-drawer-footer button').click();
        await page.locator('.explain .share-row').first().waitFor();
        await looksRight(page, lookName('access-explain', look));
      });
      await server.request('POST', `/api/v1/accounts/${id}/unshare`, { with: [{ everyone: true }] }); // other tests count what somebody sees
    },
  },
  'access: what a person shared is seen at once by others who have the record open': {
    async run({ page, world, server }) {
      const mate = await makeColleague(server);
      const { id } = await account(server);
      await page.goto(`/accounts/${id}`);
      await page.locator('.people').waitFor();
      await page.waitForTimeout(1500); // the stream is open
      await server.request('POST', `/api/v1/accounts/${id}/share`, { with: [{ user: mate.id }] });
      await page.locator('.people .person', { hasText: mate.name }).waitFor({ timeout: 5000 });
      const other = await pageOf(world, mate);
      await other.goto(`/accounts/${id}`);
      await other.locator('.rechead h2').waitFor();
      assert.equal(await other.locator('.rechead').getByRole('button', { name: '编辑' }).count(), 0, 'a share for reading offers no edit');
      assert.equal(await other.locator('.fl .v.can').count(), 0, 'and no field to write in place');
      assert.equal(await other.locator('.people').getByRole('button', { name: '共享', exact: true }).count(), 0);
      assert.deepEqual(other.faults, []);
      await other.context().close();
    },
  },
  'access: bulk editing and import offer no field that the role does not write; a row has its pencil where the record allows it; names are added to many': {
    async run({ world, server }) {
      const fields = { phone: 'masked', website: 'read', short_name: 'hidden' };
      const role = await makeRole(server, { account: { read: 'all', create: true, update: 'own', share: 'own', bulk: 'own', import: true, fields }, user: { read: 'all' } });
      const [person, mate] = [await makeColleague(server, [role.code]), await makeColleague(server)];
      const name = unique('字段权限');
      const mine = await account(server, { name: `${name}甲`, owner: person.id });
      const other = await account(server, { name: `${name}乙`, owner: mate.id });
      const page = await pageOf(world, person);
      await page.goto(`/accounts?filter=${encodeURIComponent(`name starts "${name}"`)}`);
      const row = (words) => page.locator('[role=grid] [role=row][aria-rowindex]', { hasText: words });
      await row(mine.name).hover();
      await row(mine.name).getByRole('button', { name: '编辑' }).waitFor();
      const asked = page.waitForResponse((r) => r.url().includes(`/accounts/${other.id}/access`));
      await row(other.name).hover();
      await asked;
      assert.equal(await row(other.name).getByRole('button', { name: '编辑' }).count(), 0, 'not his to change');
      await row(mine.name).locator('input[type=checkbox]').click({ force: true });
      await page.locator('.bulk').getByRole('button', { name: '编辑' }).click();
      await page.locator('#bulk-fields').fill('行业');
      await option(page, '行业').waitFor();
      for (const label of ['电话', '网站', '简称']) {
        await page.locator('#bulk-fields').fill(label);
        await page.locator('.ant-select-dropdown:visible .ant-select-item-empty').waitFor();
      }
      await page.locator('#bulk-fields').fill('协作人');
      await page.locator('.ant-select-item-option[title="协作人"]').click();
      await page.keyboard.press('Escape');
      await pick(page, '#field-collaborators', mate.name);
      await page.keyboard.press('Escape');
      await page.getByLabel('如何修改协作人').click({ force: true });
      await option(page, '添加到原有内容').click();
      const footer = page.locator('.ant-drawer-footer button');
      await footer.nth(0).click();
      await page.locator('.ant-drawer .hist').first().waitFor();
      await footer.nth(1).click();
      await page.locator('.ant-drawer [role=status]').waitFor();
      const added = async () => (await server.request('GET', `/api/v1/accounts/${mine.id}`)).body.collaborators.map((c) => c.id);
      for (let i = 0; i < 100 && !(await added()).length; i++) await page.waitForTimeout(100); // the status tells the progress as well
      assert.deepEqual(await added(), [mate.id]);
      await page.goto('/accounts/import');
      await page.locator('.drop input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(`客户名称,行业,电话,网站,简称\n${name}丙,金融,021-1,https://a.b,丙\n`) });
      await page.getByRole('button', { name: '下一步' }).click();
      await page.locator('.map-row .ant-select', { hasText: '客户名称' }).waitFor();
      await page.locator('.map-row .ant-select', { hasText: '行业' }).waitFor();
      for (const label of ['电话', '网站', '简称']) assert.equal(await page.locator('.map-row .ant-select', { hasText: label }).count(), 0, `${label} is not to be written`);
    },
  },
  'access: masked, read-only and hidden fields; a value shown in full is noted': {
    async run({ world, server }) {
      const { person } = await limited(server);
      const { id } = await account(server, { short_name: 'secret-short', website: 'https://example.com', founded_year: 1999, owner: person.id });
      const page = await pageOf(world, person);
      await page.goto(`/accounts/${id}`);
      const row = (label) => page.locator('.fl', { has: page.locator(`.k[title="${label}"]`) });
      await row('电话').waitFor();
      assert.match(await row('电话').innerText(), /\*{2}/);
      assert.equal(await row('简称').count(), 0);
      assert.ok(!(await page.content()).includes('secret-short'));
      assert.equal(await row('网址').or(row('网站')).locator('.v.can').count(), 0, 'a read-only field is no control');
      await row('电话').getByRole('button').click();
      await row('电话').getByText(/0000001/).waitFor();
      const log = (await server.request('GET', '/api/v1/access-log?limit=1')).body.items[0];
      assert.deepEqual([log.kind, log.record, log.field, log.by.id], ['reveal', id, 'phone', person.id]);
      await page.shot('access-masked-1440');
      await row('电话').getByRole('button').click();
      assert.match(await row('电话').innerText(), /\*{2}/);
      await page.locator('.rechead').getByRole('button', { name: '编辑' }).click();
      await page.locator('.ant-drawer #field-name').waitFor();
      for (const name of ['phone', 'website', 'short_name', 'founded_year']) assert.equal(await page.locator(`#field-${name}`).count(), 0, name);
      await page.goto('/accounts');
      await page.locator('[role=grid] [role=row][aria-rowindex]').first().waitFor();
      assert.equal(await page.getByRole('columnheader', { name: '电话' }).locator('button').count(), 0, 'a masked column is not sorted');
      await page.locator('.toolbar.filters button').first().click();
      await page.locator('.cond-pop .crow .ant-select input').first().fill('电话');
      await page.waitForTimeout(300);
      const offered = await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').allInnerTexts();
      assert.ok(!offered.includes('电话'), `filters offer ${offered.join(', ')}`);
      await page.keyboard.press('Escape');
      await page.goto('/accounts');
      await page.locator('[role=grid] [role=row][aria-rowindex]').first().waitFor();
      await page.getByRole('button', { name: '更多' }).first().click();
      const acts = page.locator('.ant-dropdown:not(.ant-dropdown-hidden) [role=menuitem]');
      await acts.first().waitFor();
      assert.deepEqual((await acts.allInnerTexts()).filter((text) => /导入|导出/.test(text)), [], 'neither import nor export is allowed');
      assert.deepEqual(page.faults, []);
      await page.context().close();
    },
  },
  'access: what one may not do to a record is not offered': {
    async run({ world, server }) {
      const { person } = await limited(server);
      const [mine, foreign] = [await account(server, { owner: person.id }), await account(server)];
      const page = await pageOf(world, person);
      const offered = async (id) => {
        await page.goto(`/accounts/${id}`);
        await page.locator('.people').waitFor();
        await page.waitForTimeout(400);
        const edit = await page.locator('.rechead').getByRole('button', { name: '编辑' }).count();
        await page.locator('.rechead').getByRole('button', { name: '更多' }).click();
        const items = await page.locator('.ant-dropdown:not(.ant-dropdown-hidden) .ant-dropdown-menu-item').allInnerTexts();
        return { edit, deletes: items.includes('删除') };
      };
      assert.deepEqual(await offered(mine.id), { edit: 1, deletes: false });
      assert.deepEqual(await offered(foreign.id), { edit: 0, deletes: false });
      assert.equal((await page.goto('/accounts/import')) !== null, true);
      await page.locator('.mid').waitFor();
      assert.deepEqual(page.faults, []);
      await page.context().close();
    },
  },
  'access: an address that leads nowhere is no missing record': {
    async run({ page, world }) {
      for (const path of ['/setup', '/setup/roles', '/settings/nothing', '/settings/objects/nothing', '/nothing/1/2/3']) {
        await page.goto(path);
        await page.getByText('没有这个页面').waitFor();
        assert.equal(await page.getByText('没有这条记录').count(), 0, path);
      }
      await page.getByRole('button', { name: '回到首页' }).click();
      await page.waitForURL((url) => url.pathname === '/');
      await eachLook(world, 'no-page', async (p, look) => {
        await p.goto('/settings/nothing');
        await p.locator('.mid .title').waitFor();
        await looksRight(p, lookName('no-page', look));
      });
    },
  },
};
