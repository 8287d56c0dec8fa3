// SPDX-License-Identifier: Apache-2.0
// API scenarios against the real server: node tests/api/run.mjs [NAME...]
// Every *.scenario.mjs beside this file is run in order on one server of its own (engine by
// GUANXI_TEST_ENGINE); NAME picks files. Ends in the line "N passed, N failed".
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '../lib/server.mjs';
import { Skip } from './lib.mjs';

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.scenario.mjs'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)))
  .sort();
const program = process.env.GUANXI_PROGRAM;
const count = { passed: 0, failed: 0, skipped: [] };
const faults = []; // told again at the end, where a long log is still read

function fault(text) {
  count.failed++;
  faults.push(text);
  console.log(`FAIL ${text}`);
}

async function runTest(suite, { name, run }, server) {
  const began = performance.now();
  try {
    await run(server);
    count.passed++;
    console.log(`ok   ${suite}: ${name} (${Math.round(performance.now() - began)} ms)`);
  } catch (error) {
    if (error instanceof Skip && process.env.CI !== 'true') {
      count.skipped.push(`${suite}: ${name}: ${error.message}`);
      return;
    }
    fault(`${suite}: ${name}\n${error.stack}`);
  }
}

async function runFile(file) {
  const suite = file.replace('.scenario.mjs', '');
  const { tests } = await import(join(import.meta.dirname, file));
  const server = await Server.create(program ? { program } : {});
  for (const test of tests) await runTest(suite, test, server);
  const code = await server.stop();
  if (code !== 0) fault(`${suite}: the server ended with ${code}\n${server.log}`);
  await server.remove();
}

for (const file of files) {
  try {
    await runFile(file);
  } catch (error) {
    fault(`${file}\n${error.stack}`);
  }
}
if (count.passed > 20) for (const text of faults) console.log(`again: ${text.split('\n').slice(0, 12).join('\n')}`);
for (const line of count.skipped) console.log(`skipped ${line}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed ? 1 : 0);
