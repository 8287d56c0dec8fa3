// SPDX-License-Identifier: Apache-2.0
// Runs the browser tests: node tests/e2e/run.mjs [WORD...] runs those whose name holds a word.
// Each tests/e2e/*.e2e.mjs exports `tests`: { name: async ({ world, page, … }) => {…} }.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { newPage, open } from './browser.mjs';

const words = process.argv.slice(2);
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.e2e.mjs')).sort();
let passed = 0, failed = 0;

async function runOne(world, name, { options = {}, run }) {
  const page = await newPage(world, options);
  try {
    await run({ world, server: world.server, page });
    if (page.faults.length) throw new Error(page.faults.join('\n'));
    console.log(`ok   ${name}`);
    passed++;
  } catch (error) {
    await page.shot(`failed ${name}`.replaceAll(/[^\w.-]+/g, '-')).catch(() => {});
    console.log(`FAIL ${name}\n${String(error.stack ?? error).replaceAll(/^/gm, '     ')}`);
    if (page.faults.length) console.log(`     ${page.faults.slice(0, 5).join('\n     ')}`);
    failed++;
  } finally {
    await page.context().close();
  }
}

const world = await open();
try {
  for (const file of files) {
    const { tests } = await import(join(import.meta.dirname, file));
    for (const [name, test] of Object.entries(tests)) {
      if (words.length && !words.some((word) => name.includes(word))) continue;
      await runOne(world, name, test);
    }
  }
} catch (error) {
  console.log(`FAIL ${error.stack}\n${world.server.log}`);
  failed++;
} finally {
  await world.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
