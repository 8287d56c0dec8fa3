// SPDX-License-Identifier: Apache-2.0
// A browser that is told while no page is open: turned on in the settings, what the server sends is handed to its
// service worker, the window names the record, signing out ends it. The push service is ours: makers' own are not at hand.
import assert from 'node:assert/strict';
import { PushService } from '../lib/push-service.mjs';
import { Server } from '../lib/server.mjs';
import { clean } from './axe.mjs';
import { makeColleague, pageOf, unique } from './access-lib.mjs';

/** The browser's own subscription is replaced, nothing else: what it would send, how it is turned off. */
const subscribeAt = (context, subscription) => context.addInitScript((given) => {
  PushManager.prototype.subscribe = () => Promise.resolve({ toJSON: () => given });
}, subscription);

async function settings(page) {
  await page.getByRole('button', { name: /^(消息|Messages)/ }).first().click();
  await page.getByRole('tab', { name: /^(设置|Settings)$/ }).click();
}

/** The service worker of the page, as the browser's maker would reach it. */
async function deliverer(page) {
  const devtools = await page.context().newCDPSession(page);
  const found = new Promise((done) => devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && done(registrations[0].registrationId)));
  await devtools.send('ServiceWorker.enable');
  const registrationId = await found;
  return (data) => devtools.send('ServiceWorker.deliverPushMessage', { origin: new URL(page.url()).origin, registrationId, data });
}

const until = async (what, probe) => {
  for (let i = 0; i < 150; i++) {
    const found = await probe();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`never: ${what}`);
};

export const tests = {
  'push: a closed browser is told, shows the record, and no more after signing out': {
    async run({ world }) {
      const service = await PushService.start();
      const server = await Server.create({ env: { GUANXI_OUTGOING_ALLOW: '127.0.0.1' } });
      const person = await makeColleague(server, ['seller']);
      const page = await pageOf({ browser: world.browser, server }, person);
      try {
        const browser = service.browser('e2e');
        await page.context().grantPermissions(['notifications']);
        await subscribeAt(page.context(), browser.subscription);
        await page.goto('/accounts');
        await settings(page);
        await page.getByRole('switch', { name: '没有打开页面时也通知这个浏览器' }).click();
        await page.getByText('（这个浏览器）').waitFor();
        await page.getByRole('button', { name: /^发一条试试/ }).click();
        const trial = browser.read((await until('the trial', () => browser.got().length && browser.got()))[0]);
        assert.equal(trial.title, '消息会送到这里');
        const made = await server.request('POST', '/api/v1/accounts', { name: unique('推送'), owner: person.id });
        assert.equal(made.status, 201, made.text);
        await until('the message', () => browser.got().length === 2);
        const deliver = await deliverer(page);
        await deliver(JSON.stringify(browser.read(browser.got()[1])));
        await deliver('no JSON at all');
        const shown = await until('its window', () => page.evaluate(async () => {
          const all = await (await navigator.serviceWorker.ready).getNotifications();
          return all.length > 0 && all.map((n) => [n.title, n.body, n.data.url]);
        }));
        assert.equal(shown.length, 1);
        assert.deepEqual([shown[0][0], shown[0][2]], [made.body.name, `/accounts/${made.body.id}`]);
        assert.match(shown[0][1], /交给你这条客户/);
        await page.shot('messages-push');
        await clean(page, 'push settings', { include: '.ms-panel' });
        await page.keyboard.press('Escape');
        const gone = page.waitForResponse((r) => r.request().method() === 'DELETE' && /\/me\/push\/\d+$/.test(r.url()));
        await page.getByRole('button', { name: `同事${person.login}` }).click();
        await page.getByRole('menuitem', { name: '退出' }).click();
        assert.equal((await gone).status(), 204);
      } finally {
        await page.context().close();
        await server.remove();
        await service.stop();
      }
    },
  },
};
