// SPDX-License-Identifier: Apache-2.0
// The board of opportunities: counts and sums by stage, a card moved by hand and by keyboard.
import assert from 'node:assert/strict';

const stageOf = async (server, id) => (await server.request('GET', `/api/v1/opportunities/${id}?fields=stage`)).body.stage.code;
const columns = (page) => page.locator('[data-column]');
const CARD = '.deal[aria-roledescription]';
const cards = (column) => column.locator(CARD);
const idOf = async (card) => (await card.locator('a').first().getAttribute('href')).split('/').pop();

async function firstCard(page) {
  for (const column of await columns(page).all()) {
    if (await cards(column).count()) return { column, card: cards(column).first() };
  }
  throw new Error('no card on the board');
}

async function movedFrom(server, id, before) {
  for (let i = 0; i < 100; i++) {
    const now = await stageOf(server, id);
    if (now !== before) return now;
    await new Promise((done) => setTimeout(done, 50));
  }
  return before;
}

export const tests = {
  'board: columns with counts and sums; a dragged card changes its stage': {
    async run({ page, server }) {
      await page.goto('/opportunities/board');
      await page.locator(CARD).first().waitFor();
      assert.ok(await columns(page).count() >= 3);
      await page.shot('board');
      const { column, card } = await firstCard(page);
      const id = await idOf(card);
      const before = await stageOf(server, id);
      const all = await columns(page).all();
      const at = await Promise.all(all.map((c) => c.getAttribute('data-column')));
      const next = all[(at.indexOf(await column.getAttribute('data-column')) + 1) % all.length];
      const from = await card.boundingBox(), to = await next.boundingBox();
      await page.mouse.move(from.x + from.width / 2, from.y + 20);
      await page.mouse.down();
      await page.mouse.move(from.x + from.width / 2 + 20, from.y + 24, { steps: 4 });
      await page.mouse.move(to.x + to.width / 2, to.y + 120, { steps: 12 });
      await page.mouse.up();
      assert.notEqual(await movedFrom(server, id, before), before);
    },
  },

  'board: by keyboard a card goes to the next stage': {
    async run({ page, server }) {
      await page.goto('/opportunities/board');
      await page.locator(CARD).first().waitFor();
      const { card } = await firstCard(page);
      const id = await idOf(card);
      const before = await stageOf(server, id);
      await card.focus();
      await page.keyboard.press('Space');
      await page.waitForTimeout(200);
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(300);
      await page.keyboard.press('Space');
      assert.notEqual(await movedFrom(server, id, before), before);
    },
  },
};
