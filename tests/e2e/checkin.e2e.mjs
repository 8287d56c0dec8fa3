// SPDX-License-Identifier: Apache-2.0
// Check-in of a visit on the phone: place by permission, a photo, and what is said where the place is refused.
import assert from 'node:assert/strict';
import { deflateSync, crc32 } from 'node:zlib';
import { clean } from './axe.mjs';
import { button, drawer, gone, read, toast } from './setup.mjs';

const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};
async function visit(server) {
  const account = await make(server, 'accounts', { name: '签到用的客户', geo: { lat: 31.2304, lng: 120.6 } });
  return make(server, 'visits', { purpose: 'negotiate', account: account.id, planned_at: new Date().toISOString() });
}
/** The page's one solid button, as wide as the phone. */
const open = async (page, words) => {
  const main = page.locator('.rechead .main-verb', { hasText: words });
  await main.waitFor();
  assert.ok((await main.boundingBox()).height >= 44);
  await main.click();
};
/** A picture of one point. */
function png() {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const size = Buffer.alloc(4), sum = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32 ? crc32(body) : 0);
    return Buffer.concat([size, body, sum]);
  };
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])), chunk('IDAT', deflateSync(Buffer.from([0, 40, 80, 200]))), chunk('IEND', Buffer.alloc(0))]);
}

export const tests = {
  'checkin: on the phone with place and photo, then out with the result': {
    options: { phone: true },
    async run({ page, server }) {
      const one = await visit(server);
      await page.context().grantPermissions(['geolocation']);
      await page.context().setGeolocation({ latitude: 31.2304, longitude: 120.601, accuracy: 12 });
      await page.goto(`/visits/${one.id}`);
      await open(page, '签到');
      await drawer(page).getByRole('button', { name: '当前位置' }).click();
      await page.waitForFunction(() => [...document.querySelectorAll('.ant-drawer-content-wrapper input')].some((i) => i.value.startsWith('31.23')));
      await drawer(page).locator('input[type=file]').setInputFiles({ name: '门头.png', mimeType: 'image/png', buffer: png() });
      await drawer(page).locator('.file-row', { hasText: '门头.png' }).waitFor();
      await clean(page, 'check-in');
      await page.shot('checkin-390');
      await button(drawer(page).locator('.form-foot'), '签到').click();
      await gone(page);
      const stored = await read(server, `/api/v1/visits/${one.id}`);
      assert.deepEqual([stored.status, stored.checkin_place, stored.checkin_distance_m, stored.checkin_photos.length], ['checked_in', { lat: 31.2304, lng: 120.601 }, 95, 1]);
      await open(page, '签退');
      await drawer(page).getByLabel(/^结果/).fill('同意试用');
      await button(drawer(page).locator('.form-foot'), '签退').click();
      await toast(page, '签退');
      assert.equal((await read(server, `/api/v1/visits/${one.id}`)).status, 'done');
    },
  },

  'checkin: a refused place is said, and one may check in without; 390 en dark': {
    options: { phone: true, language: 'en', dark: true },
    async run({ page, server }) {
      const one = await visit(server);
      await page.context().grantPermissions(['notifications']); // and no other
      await page.goto(`/visits/${one.id}`);
      await open(page, 'Check in');
      await drawer(page).getByRole('button', { name: 'Here' }).click();
      await drawer(page).locator('[role=alert]', { hasText: 'did not allow' }).waitFor();
      await clean(page, 'check-in refused');
      await page.shot('checkin-390-refused');
      await button(drawer(page).locator('.form-foot'), 'Check in').click();
      await gone(page);
      const stored = await read(server, `/api/v1/visits/${one.id}`);
      assert.deepEqual([stored.status, stored.checkin_place], ['checked_in', null]);
    },
  },
};
