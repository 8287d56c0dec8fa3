// SPDX-License-Identifier: Apache-2.0
// Signing in and out.
import assert from 'node:assert/strict';
import { signInWords } from './browser.mjs';

export const tests = {
  'sign in: a wrong password is refused in words, the right one opens the first list': {
    options: { signedIn: false },
    async run({ page }) {
      page.expected.push('401');
      await page.goto('/accounts');
      await page.fill('#login', signInWords.login);
      await page.fill('#password', 'wrong password');
      await page.keyboard.press('Enter');
      await page.locator('#sign-in-failure:not(:empty)').waitFor();
      await page.shot('sign-in-refused');
      await page.fill('#password', signInWords.password);
      await page.keyboard.press('Enter');
      await page.locator('nav a[href="/accounts"]').waitFor();
    },
  },

  'sign out: the session ends on the server too': {
    async run({ page }) {
      await page.goto('/accounts');
      page.expected.push('401'); // what the page still asks for at that moment
      await page.locator('button.me').click();
      await page.locator('.user-menu [role=menuitem]').last().click();
      await page.locator('#password').waitFor();
      const answer = await page.context().request.get('/api/v1/me');
      assert.equal(answer.status(), 401);
    },
  },
};
