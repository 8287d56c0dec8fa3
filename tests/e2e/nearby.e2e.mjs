// SPDX-License-Identifier: Apache-2.0
// What is near: from a customer and from where the phone is, circles, the way to the map; visits to chosen ones in a short order, taken back.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { drawer, pick, read, record } from './setup.mjs';

const AT = { lat: 29.4, lng: 94 };
const spot = (north, name, lng) => ({ name, geo: { lat: AT.lat + north / 111.195, lng }, phone: '0894-5822100' });
/** Each run has a valley of its own. */
let valley = AT.lng;
async function firms(server) {
  const lng = Number((valley += 0.9).toFixed(1));
  const make = (body) => record(server, { plural: 'accounts' }, body);
  const start = await make(spot(0, '附近的起点', lng));
  await make({ ...spot(0.4, '四百米外的客户', lng), level: 'key' });
  await make(spot(4, '四公里外的客户', lng));
  await make(spot(15, '十五公里外的客户', lng));
  return { ...start, lng };
}
const names = (page) => page.locator('.card:not(.near-centre) .near-row a.ink').allTextContents();
const circle = (page, km) => page.locator('.near-circles label').nth([1, 3, 5, 10, 20, 50].indexOf(km)).click();
const row = (page, name) => page.locator('.near-row', { hasText: name });

export const tests = {
  'nearby: from a customer, in circles, with the way to the map; chosen ones are planned in a short order and taken back': {
    async run({ page, server }) {
      const start = await firms(server);
      await page.goto(`/accounts/${start.id}`);
      await page.locator('.rechead').getByRole('button', { name: '更多' }).click();
      await page.getByRole('menuitem', { name: '附近' }).click();
      await row(page, '四公里外').waitFor();
      assert.deepEqual(await names(page), ['四百米外的客户', '四公里外的客户']);
      assert.deepEqual(await page.locator('.near-row .num').allTextContents(), ['起点', '400米', '4.0公里']);
      await circle(page, 1);
      await row(page, '四公里外').waitFor({ state: 'detached' });
      await circle(page, 20);
      await row(page, '十五公里外').waitFor();
      await pick(page, page.locator('.near-view'), '大客户');
      await row(page, '四公里外').waitFor({ state: 'detached' });
      await row(page, '四百米外').waitFor();
      assert.deepEqual(await names(page), ['四百米外的客户'], 'what the view means');
      await pick(page, page.locator('.near-view'), '全部');
      await row(page, '十五公里外').waitFor();
      assert.match(await row(page, '四百米外').locator('a.ib').getAttribute('href'), new RegExp(`^https://uri\\.amap\\.com/marker\\?position=${start.lng},29\\.40\\d*&coordinate=wgs84`));
      for (const name of ['十五公里外', '四百米外', '四公里外']) await row(page, name).getByRole('checkbox').check();
      await clean(page, 'nearby');
      await page.shot('nearby');
      await page.locator('.near-foot').getByRole('button', { name: '安排拜访' }).click();
      await drawer(page).locator('.near-stop').nth(2).waitFor();
      assert.deepEqual(await drawer(page).locator('.near-stop .block').allTextContents(), ['四百米外的客户', '四公里外的客户', '十五公里外的客户']);
      assert.deepEqual(await drawer(page).locator('.near-stop .num').allTextContents(), ['09:00', '10:10', '11:35']);
      await clean(page, 'visit plan');
      await page.shot('visit-plan');
      const run = drawer(page).getByRole('button', { name: '安排3次拜访' });
      page.expected.push('422');
      await run.click();
      await drawer(page).locator('.ff.bad .err').waitFor(); // what for
      await drawer(page).getByRole('combobox', { name: /^目的/ }).click();
      await page.locator('.ant-select-item-option', { hasText: '关怀' }).click();
      await run.click();
      await page.waitForURL(/\/visit_routes\/\d+$/);
      await page.getByRole('tab', { name: /^路线上的拜访/ }).click();
      const stops = page.locator('[role=row]', { hasText: '里外的客户' });
      await stops.nth(1).waitFor();
      assert.match(await stops.first().textContent(), /四公里外/, 'in the order of the way: 2, 3');
      await page.shot('visit-route');
      const route = new URL(page.url()).pathname.split('/').pop();
      const path = `/api/v1/visits?filter=${encodeURIComponent(`route = "${route}"`)}&sort=route_order`;
      assert.deepEqual((await read(server, path)).items.map((v) => [v.account.title, v.purpose, v.route_order]), [['四百米外的客户', 'care', 1], ['四公里外的客户', 'care', 2], ['十五公里外的客户', 'care', 3]]);
      await page.locator('.toast').getByRole('button', { name: '撤销' }).click();
      await page.locator('.toast', { hasText: '已撤销' }).waitFor();
      await row(page, '四公里外').waitFor(); // where one came from
      assert.deepEqual((await read(server, path)).items, []);
    },
  },
  'nearby: from where the phone is, 390 en dark; a refused place is said; visits are planned from a list': {
    options: { phone: true, language: 'en', dark: true },
    async run({ page, server }) {
      const { lng } = await firms(server);
      await page.context().grantPermissions(['geolocation']);
      await page.context().setGeolocation({ latitude: AT.lat, longitude: lng, accuracy: 10 });
      await page.goto('/accounts/nearby');
      await page.getByRole('button', { name: 'Where I am' }).click();
      await row(page, '四公里外').waitFor();
      assert.deepEqual(await names(page), ['附近的起点', '四百米外的客户', '四公里外的客户']);
      for (const name of ['四公里外', '四百米外']) await row(page, name).getByRole('checkbox').check();
      await clean(page, 'nearby 390');
      await page.shot('nearby-390-dark-en');
      await page.locator('.near-foot').getByRole('button', { name: 'Plan visits' }).click();
      await drawer(page).locator('.near-stop').nth(1).waitFor();
      await clean(page, 'visit plan 390');
      await page.shot('visit-plan-390-dark-en');
      await page.context().clearPermissions();
      await page.context().grantPermissions(['notifications']);
      await page.goto('/accounts/nearby');
      await page.getByRole('button', { name: 'Where I am' }).click();
      await page.locator('[role=alert]', { hasText: 'did not allow' }).waitFor();
    },
  },
  'nearby: visits to rows chosen in the list, one left out': {
    options: { dark: true },
    async run({ page, server }) {
      await firms(server);
      const rows = page.locator('[role=row]', { hasText: '公里外的客户' });
      await page.goto('/accounts');
      await rows.nth(1).waitFor();
      for (const i of [0, 1]) await rows.nth(i).getByRole('checkbox').click();
      await page.locator('.bulk').getByRole('button', { name: '安排拜访' }).click();
      await drawer(page).locator('.near-stop').nth(1).waitFor();
      await clean(page, 'visit plan dark');
      await page.shot('visit-plan-dark');
      await drawer(page).locator('.near-stop').first().getByRole('button').click();
      await drawer(page).getByRole('button', { name: '安排1次拜访' }).waitFor();
      await drawer(page).locator('.near-stop').nth(1).waitFor({ state: 'detached' });
    },
  },
};
