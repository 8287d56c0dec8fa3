// SPDX-License-Identifier: Apache-2.0
// Every page at 1440 and 390 px, light and dark, zh-CN and en: nothing runs over the edge, no text of the
// other language, a picture of each in out/ for people to judge.
import assert from 'node:assert/strict';

const pages = { 'list-accounts': '/accounts', 'list-opportunities': '/opportunities', board: '/opportunities/board',
  import: '/opportunities/import', form: '/accounts?new=1' };

async function judge(page, name, options) {
  await page.locator('nav a, .bar0 h1').first().waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${name}: ${wide} px over the edge`);
  const lang = await page.locator('html').getAttribute('lang');
  assert.ok(lang?.startsWith(options.language.slice(0, 2)), `${name}: lang=${lang}`);
  const raw = await page.evaluate(() => /\b(action|state|list|form|filter|count|error)\.[a-z_]+\b/.exec(document.body.innerText)?.[0]);
  assert.equal(raw, undefined, `${name}: a message without text`);
}

function look(options) {
  const suffix = `${options.phone ? '390' : '1440'}-${options.dark ? 'dark' : 'light'}-${options.language}`;
  return [`looks: every page ${suffix}`, { options, async run({ page, server }) {
    const account = (await server.request('GET', '/api/v1/accounts?limit=1&fields=name')).body.items[0];
    for (const [name, path] of Object.entries({ ...pages, record: `/accounts/${account.id}` })) {
      await page.goto(path);
      await page.waitForLoadState('load');
      await page.waitForTimeout(900);
      await judge(page, `${name}-${suffix}`, options);
      await page.shot(`look-${name}-${suffix}`);
    }
  } }];
}

const all = [false, true].flatMap((phone) => [false, true].flatMap((dark) => ['zh-CN', 'en'].map((language) => ({ phone, dark, language }))));
export const tests = Object.fromEntries(all.map(look));
