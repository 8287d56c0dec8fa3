// SPDX-License-Identifier: Apache-2.0
// Settings of the organisation: department tree, people, teams, sharing rules, access log; hand-over and seeing as somebody else.
import assert from 'node:assert/strict';
import { PASSWORD } from '../lib/server.mjs';
import { newPage } from './browser.mjs';
import { eachLook, lookName, looksRight, makeColleague, pageOf, pick, unique } from './access-lib.mjs';

const post = async (server, path, body) => {
  const answer = await server.request('POST', `/api/v1${path}`, body);
  assert.ok(answer.status < 300, `${path}: ${answer.text}`);
  return answer.body;
};
const get = async (server, path) => (await server.request('GET', `/api/v1${path}`)).body;
const menuItem = (page, words) => page.locator('.ant-dropdown:not(.ant-dropdown-hidden) .ant-dropdown-menu-item', { hasText: words }).first();
const row = (page, name) => page.locator('[role=treeitem]', { hasText: name }).first();
const person = (page, name) => page.locator('.srow.people', { hasText: name }).first();

export const tests = {
  'organisation: departments are made, renamed, led, moved with undo, walked by keyboard, deleted and brought back': {
    async run({ page, server }) {
      const mark = unique('部');
      const [top, other] = [await post(server, '/departments', { name: `${mark}总` }), await post(server, '/departments', { name: `${mark}他` })];
      const lead = await makeColleague(server, ['sales_manager'], { department: top.id });
      await page.goto(`/settings/departments?of=${top.id}`);
      await page.locator('.org-panel h2', { hasText: `${mark}总` }).waitFor();
      await page.locator('.org-panel .member', { hasText: lead.name }).waitFor();
      await page.locator('.org-panel').getByRole('button', { name: '添加下级部门' }).click();
      await page.locator('#field-name').fill(`${mark}新`);
      await page.locator('.ant-drawer .form-foot .ant-btn-primary').click();
      await page.locator('.org-panel h2', { hasText: `${mark}新` }).waitFor();
      const made = (await get(server, `/departments?filter=${encodeURIComponent(`name = "${mark}新"`)}`)).items[0];
      assert.equal(made.parent.id, top.id);
      await page.locator('.org-head').getByRole('button', { name: '编辑' }).click();
      await page.locator('#field-name').fill(`${mark}改`);
      await pick(page, '#field-manager', lead.name);
      await page.locator('.ant-drawer .form-foot .ant-btn-primary').click();
      await page.locator('.org-panel .people-of', { hasText: lead.name }).waitFor();
      await page.locator('.org-head').getByRole('button', { name: '更多' }).click();
      await menuItem(page, '移动').click();
      await page.locator('#move-to').click();
      await page.locator('#move-to').fill(`${mark}`);
      assert.equal(await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: `${mark}改` }).count(), 0, 'nowhere below itself');
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: `${mark}他` }).first().click();
      await page.locator('.ant-modal .ant-btn-primary').click();
      await page.locator('.toast button', { hasText: '撤销' }).waitFor();
      assert.equal((await get(server, `/departments/${made.id}`)).parent.id, other.id);
      await page.locator('.toast button', { hasText: '撤销' }).click();
      await page.locator('.toast', { hasText: '已撤销' }).waitFor();
      assert.equal((await get(server, `/departments/${made.id}`)).parent.id, top.id);
      await row(page, `${mark}总`).click();
      await row(page, `${mark}总`).focus();
      await page.keyboard.press('ArrowLeft');
      await row(page, `${mark}改`).waitFor({ state: 'detached' });
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.locator('[role=treeitem][aria-selected=true]', { hasText: `${mark}改` }).waitFor();
      await page.locator('.org-head').getByRole('button', { name: '更多' }).click();
      await menuItem(page, '删除').click();
      await row(page, `${mark}改`).waitFor({ state: 'detached' });
      await page.locator('.toast button', { hasText: '撤销' }).click();
      await row(page, `${mark}改`).waitFor();
    },
  },
  'organisation: a person is made, given a password, changed by others before one\'s eyes, suspended, brought back, has left': {
    async run({ page, server, world }) {
      const login = unique('neu');
      await page.goto('/settings/people');
      await page.locator('.srow.people').nth(1).waitFor();
      await page.locator('.top').getByRole('button', { name: '新建人员' }).click();
      await page.locator('#field-name').fill(`新${login}`);
      await page.locator('#field-login').fill(login);
      await page.locator('#field-status').click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: '在职' }).click();
      await pick(page, '#field-department', '华东销售部');
      await page.locator('.ant-drawer .form-foot .ant-btn-primary').click();
      const word = page.locator('#new-password');
      await word.waitFor();
      assert.match(await word.inputValue(), /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{16}$/);
      page.expected.push('422');
      await word.fill('short');
      await page.locator('.ant-modal .ant-btn-primary').click();
      await page.locator('.ant-modal .err').waitFor();
      await word.fill(PASSWORD);
      await looksRight(page, 'organisation-password-1440');
      await page.locator('.ant-modal .ant-btn-primary').click();
      await page.locator('.ant-modal').waitFor({ state: 'hidden' });
      const other = await pageOf(world, { login });
      await other.context().close();
      await page.locator('.people-bar input').first().fill(login);
      await person(page, login).waitFor();
      const found = (await get(server, `/users?filter=${encodeURIComponent(`login = "${login}"`)}`)).items[0];
      await page.waitForTimeout(1200); // the stream is open
      await server.request('PATCH', `/api/v1/users/${found.id}`, { name: `改${login}` });
      await page.locator('.srow.people', { hasText: `改${login}` }).waitFor({ timeout: 5000 });
      const act = async (words, sure) => {
        await person(page, login).locator('.ib').click();
        await menuItem(page, words).click();
        if (sure) await page.locator('.ant-modal-confirm .ant-btn-dangerous').click();
      };
      await act('停用', true);
      await page.locator('.toast', { hasText: '已停用' }).waitFor();
      assert.equal((await get(server, `/users/${found.id}`)).status, 'suspended');
      await page.locator('.toast button', { hasText: '撤销' }).click();
      await page.locator('.toast', { hasText: '已撤销' }).waitFor();
      assert.equal((await get(server, `/users/${found.id}`)).status, 'active');
      await act('办理离职', true);
      await page.locator('.toast', { hasText: '已离职' }).waitFor();
      const left = await get(server, `/users/${found.id}`);
      assert.equal(left.status, 'left');
      assert.ok(left.left_on);
      await page.locator('.people-bar .ant-select').first().click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: '离职' }).last().click();
      await person(page, login).waitFor();
    },
  },
  'organisation: people are found by department and role; a team gets members and loses them': {
    async run({ page, server }) {
      const department = await post(server, '/departments', { name: unique('找') });
      const [main, besides, elsewhere] = [await makeColleague(server, ['presales'], { department: department.id }), await makeColleague(server, ['seller'], { other_departments: [department.id] }), await makeColleague(server, ['presales'])];
      await page.goto(`/settings/people?department=${department.id}`);
      await person(page, main.name).waitFor();
      await person(page, besides.name).waitFor();
      assert.equal(await person(page, elsewhere.name).count(), 0);
      await page.goto(`/settings/people?department=${department.id}&role=presales`);
      await person(page, main.name).waitFor();
      assert.equal(await page.locator('.srow.people:not(.hd)').count(), 1);
      await page.goto(`/settings/people?department=${department.id}&role=boss`);
      await page.locator('.mid').getByRole('button').click();
      await page.locator('.srow.people:not(.hd)').nth(2).waitFor();
      const name = unique('团');
      await page.goto('/settings/teams');
      await page.getByRole('button', { name: '新建团队' }).first().click();
      await page.locator('#field-name').fill(name);
      await page.locator('.ant-drawer .form-foot .ant-btn-primary').click();
      const team = page.locator('.srow.teams', { hasText: name });
      await team.getByText('还没有成员').waitFor();
      const made = (await get(server, `/teams?filter=${encodeURIComponent(`name = "${name}"`)}`)).items[0];
      await page.waitForTimeout(1200);
      await post(server, '/team_members', { team: made.id, user: main.id });
      await team.getByText('1人').waitFor({ timeout: 6000 });
      await team.getByRole('button', { name: `删除${name}` }).click();
      await team.waitFor({ state: 'detached' });
      await page.locator('.toast button', { hasText: '撤销' }).click();
      await team.waitFor();
    },
  },
  'sharing rules: a condition is checked, counted, refused where it cannot stay true, filled, removed and brought back': {
    async run({ page, server, world }) {
      const mate = await makeColleague(server);
      const mark = unique('规则');
      const account = await post(server, '/accounts', { name: mark });
      await page.goto('/settings/sharing-rules');
      await page.getByRole('button', { name: '新建规则' }).first().click();
      const drawer = page.locator('.ant-drawer');
      await drawer.locator('.ant-select').first().click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: /^客户$/ }).click();
      await drawer.locator('.ant-segmented-item', { hasText: '表达式' }).click();
      page.expected.push('422', '400');
      await page.locator('#rule-when').fill('nmae = "x"');
      await drawer.locator('.expr-error .at', { hasText: 'nmae' }).waitFor();
      await page.locator('#rule-when').fill('owner.name = "x"');
      await page.locator('#rule-when').blur(); // the names on offer go
      await pick(page, '#rule-who', mate.name);
      await drawer.locator('.form-foot .ant-btn-primary').click();
      await drawer.locator('.cond-edit .err').waitFor(); // links do not stay true by themselves
      await page.locator('#rule-when').fill(`name = "${mark}"`);
      await drawer.locator('.answer', { hasText: '目前有1条客户符合' }).waitFor();
      await drawer.locator('.answer', { hasText: '1人共多看到1条客户' }).locator('.samples a', { hasText: mark }).waitFor();
      await looksRight(page, 'sharing-rule-1440');
      await drawer.locator('.form-foot .ant-btn-primary').click();
      const rule = page.locator('.srow.rules', { hasText: mark });
      await rule.getByText('已生效').waitFor();
      const other = await pageOf(world, mate);
      await other.goto(`/accounts/${account.id}`);
      await other.locator('.rechead h2', { hasText: mark }).waitFor();
      await other.locator('.people .person', { hasText: mate.name }).waitFor();
      await rule.getByRole('button', { name: '编辑客户的规则' }).click();
      await drawer.getByText('可编辑').click();
      await drawer.locator('.answer', { hasText: '1人共多编辑1条客户' }).waitFor();
      await drawer.locator('.form-foot .ant-btn-primary').click();
      await rule.getByText('可编辑').waitFor();
      other.expected.push('404'); // the open page follows at once
      await rule.getByRole('button', { name: '删除客户的规则' }).click();
      await page.locator('.ant-modal-confirm .answer', { hasText: '1人共少看到1条客户' }).waitFor();
      await looksRight(page, 'sharing-rule-remove-1440');
      await page.locator('.ant-modal-confirm .ant-btn-dangerous').click();
      await rule.waitFor({ state: 'detached' });
      await other.goto(`/accounts/${account.id}`);
      await other.getByText('没有这条记录').or(other.locator('.mid .title')).first().waitFor();
      await page.locator('.toast button', { hasText: '撤销' }).click();
      await rule.getByText('已生效').waitFor();
      assert.deepEqual(other.faults, []);
      await other.context().close();
      const id = (await get(server, '/meta/sharing-rules')).items.find((r) => r.when.includes(mark)).id;
      await server.request('DELETE', `/api/v1/meta/sharing-rules/${id}`);
    },
  },
  'hand-over: told part by part, changed, run, reported and taken back': {
    async run({ page, server }) {
      const [leaver, heir, third] = [await makeColleague(server), await makeColleague(server), await makeColleague(server)];
      const mark = unique('交接');
      const accounts = [];
      for (const n of [1, 2]) accounts.push(await post(server, '/accounts', { name: `${mark}${n}`, owner: leaver.id }));
      const contact = await post(server, '/contacts', { name: mark, account: accounts[0].id, owner: leaver.id });
      await page.goto('/settings/people');
      await page.locator('.people-bar input').first().fill(leaver.login);
      await page.waitForFunction(() => document.querySelectorAll('.srow.people:not(.hd)').length === 1);
      await person(page, leaver.name).locator('.ib').click();
      await menuItem(page, '离职交接').click();
      await pick(page, '#receiver', heir.name);
      await page.getByRole('button', { name: '查看交接内容' }).click();
      const part = (words) => page.locator('.hand-row', { hasText: words }).first();
      await part('客户').getByText(`${mark}1`).waitFor();
      await looksRight(page, 'hand-over-1440');
      await pick(page, '#to-contact', third.name);
      await part('联系人').locator('.ant-select', { hasText: third.name }).waitFor();
      await page.getByRole('button', { name: /交接3条记录/ }).click();
      await page.locator('.ant-popconfirm .ant-btn-primary').click();
      await page.locator('.hand-end', { hasText: '3条记录' }).waitFor();
      const owner = async (plural, id) => (await get(server, `/${plural}/${id}`)).owner.id;
      assert.deepEqual([await owner('accounts', accounts[0].id), await owner('accounts', accounts[1].id), await owner('contacts', contact.id)], [heir.id, heir.id, third.id]);
      assert.equal((await get(server, `/users/${leaver.id}`)).status, 'left');
      await looksRight(page, 'hand-over-report-1440');
      await page.reload();
      await page.locator('.hand-end', { hasText: '3条记录' }).waitFor(); // the address names the job
      await page.getByRole('button', { name: '全部撤销' }).click();
      await page.locator('.toast').waitFor();
      assert.equal(await owner('accounts', accounts[0].id), leaver.id);
      assert.equal(await owner('contacts', contact.id), leaver.id);
    },
  },
  'view as: another\'s eyes, nothing can be changed, noted, ended': {
    async run({ page, server }) {
      const mate = await makeColleague(server);
      const account = await post(server, '/accounts', { name: unique('看') });
      const mine = await post(server, '/accounts', { name: unique('我的'), owner: mate.id });
      await page.goto('/accounts');
      await page.locator('.me').click();
      await page.locator('.user-menu .ant-dropdown-menu-item', { hasText: '以他人身份查看' }).click();
      await pick(page, '#view-as-who', mate.name);
      await looksRight(page, 'view-as-dialog-1440');
      await page.locator('.ant-modal .ant-btn-primary').click();
      await page.locator('.view-as', { hasText: mate.name }).waitFor();
      page.expected.push('404', '403');
      await page.goto(`/accounts/${account.id}`);
      await page.locator('.mid').waitFor();
      await page.goto(`/accounts/${mine.id}`);
      await page.locator('.rechead h2').waitFor();
      await looksRight(page, 'view-as-1440');
      assert.equal(await page.locator('.side .foot a').count(), 0, 'the settings are not that person\'s');
      await page.locator('.view-as').getByRole('button').click();
      await page.locator('.view-as').waitFor({ state: 'detached' });
      await page.goto(`/accounts/${account.id}`);
      await page.locator('.rechead h2').waitFor();
      await page.goto('/settings/access-log');
      await page.locator('.srow.log', { hasText: mate.name }).nth(1).waitFor();
      const kinds = (await get(server, '/access-log?limit=10')).items.filter((e) => e.subject?.id === mate.id).map((e) => e.kind);
      assert.deepEqual(kinds, ['view_as_end', 'view_as']);
    },
  },
  'organisation: a position is made with roles, given in the form of a person, found, explained, given on in a hand-over': {
    async run({ page, server }) {
      const name = unique('区域经理');
      const [mate, heir] = [await makeColleague(server, ['seller']), await makeColleague(server, ['seller'])];
      await page.goto('/settings/positions');
      await page.locator('.top').getByRole('button', { name: '新建岗位' }).click();
      await page.locator('#field-name').fill(name);
      await page.locator('#field-code').fill(name.replace(/\W/g, 'p'));
      await pick(page, '#field-roles', '老板');
      await page.locator('.ant-drawer .form-foot .ant-btn-primary').click();
      await page.locator('.srow.positions', { hasText: name }).filter({ hasText: '老板' }).waitFor();
      const made = (await get(server, `/positions?filter=${encodeURIComponent(`name = "${name}"`)}`)).items[0];
      await page.goto('/settings/people');
      await page.getByRole('textbox', { name: '姓名或账号' }).fill(mate.name);
      await person(page, mate.name).locator('.who').click();
      await pick(page, '#field-position', name);
      await page.locator('.ant-drawer .form-foot .ant-btn-primary').click();
      await person(page, mate.name).filter({ hasText: name }).locator('.brought', { hasText: '老板' }).waitFor();
      await page.goto(`/settings/people?position=${made.id}`);
      await person(page, mate.name).waitFor();
      assert.equal(await page.locator('.srow.people:not(.hd)').count(), 1);
      await page.goto('/settings/people?role=boss');
      await person(page, mate.name).waitFor(); // by position, not by an own role
      const account = await post(server, '/accounts', { name: unique('岗') });
      const why = await get(server, `/accounts/${account.id}/access?user=${mate.id}`);
      assert.deepEqual(why.because[0].positions, [{ id: made.id, title: name }]);
      await page.goto(`/accounts/${account.id}`);
      await page.getByRole('button', { name: '谁能看到' }).first().click();
      await page.locator('.share-row', { hasText: mate.name }).filter({ hasText: `由岗位“${name}”带来` }).waitFor();
      await page.goto(`/settings/hand-over?person=${mate.id}`);
      await pick(page, '#receiver', heir.name);
      await page.getByRole('button', { name: '查看交接内容' }).click();
      await page.locator('.hand-row', { hasText: '所任岗位' }).first().waitFor();
    },
  },
  'settings: every page of people and rights in eight looks': {
    async run({ world, server }) {
      const mate = await makeColleague(server, ['seller', 'presales']);
      const job = await post(server, '/positions', { code: unique('am').replaceAll('-', '_'), name: '客户经理', name_en: 'Account manager', roles: [{ code: 'seller' }] });
      await server.request('PATCH', `/api/v1/users/${mate.id}`, { position: job.id });
      const team = await post(server, '/teams', { name: unique('大客户') });
      await post(server, '/team_members', { team: team.id, user: mate.id });
      const rule = await post(server, '/meta/sharing-rules', { object: 'account', when: 'level = "key"', with: { team: team.id }, level: 'read' });
      await eachLook(world, 'settings', async (page, look) => {
        for (const [name, path, ready] of [
          ['departments', '/settings/departments', '[role=treeitem]'], ['people', '/settings/people', '.srow.people:not(.hd)'], ['teams', '/settings/teams', '.srow.teams:not(.hd)'], ['positions', '/settings/positions', '.srow.positions:not(.hd)'],
          ['rules', '/settings/sharing-rules', '.srow.rules:not(.hd)'], ['log', '/settings/access-log', '.srow.log:not(.hd), .mid'], ['hand-over', '/settings/hand-over', '#leaver'], ['objects', '/settings/objects', '.frow:not(.hd)'],
        ]) {
          await page.goto(path);
          await page.locator(ready).first().waitFor();
          await page.waitForLoadState('networkidle').catch(() => {});
          await looksRight(page, lookName(`settings-${name}`, look));
        }
        if (!look.phone) return;
        await page.goto('/settings/departments');
        await page.locator('[role=treeitem]').first().click();
        await page.locator('.ant-drawer .org-head').waitFor();
        await looksRight(page, lookName('settings-department', look));
      });
      await server.request('DELETE', `/api/v1/meta/sharing-rules/${rule.id}`);
    },
  },
  'settings: a page that cannot be read says so and is read again': {
    async run({ world }) {
      const page = await newPage(world);
      page.expected.push('503');
      let broken = true;
      await page.route('**/api/v1/meta/sharing-rules', (route) => (broken ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"title":"busy","status":503,"detail":"busy now","request_id":"abc123"}' }) : route.continue()));
      await page.goto('/settings/sharing-rules');
      await page.locator('.mid [class*=btn]').first().waitFor({ timeout: 30000 });
      await page.getByText('busy now').waitFor();
      broken = false;
      await page.locator('.mid .ant-btn-primary').click();
      await page.locator('.mid .title, .srow').first().waitFor();
      await page.getByText('busy now').waitFor({ state: 'detached' });
      await page.context().close();
    },
  },
};
