// SPDX-License-Identifier: Apache-2.0
// What axe-core finds on a page, and what it may not: any violation of WCAG 2.2 A and AA.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Fails with rule and place of each violation. The page's own policy forbids foreign scripts, so axe comes in by the debugger. */
export async function clean(page, where, { include = 'body' } = {}) {
  // A drawer that is still coming in has colours of its own.
  await page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getComputedTiming().iterations === Infinity));
  await page.evaluate(source);
  const found = await page.evaluate(([scope, tags]) => globalThis.axe.run(scope, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }), [include, TAGS]);
  const told = found.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.html.slice(0, 140)} ${n.failureSummary.split('\n').slice(1, 3).join(';')}`).join(' | ')}`);
  assert.deepEqual(told, [], `axe on ${where}`);
}
