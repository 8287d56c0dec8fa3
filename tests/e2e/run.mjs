// SPDX-License-Identifier: Apache-2.0
// Runs the browser tests: node tests/e2e/run.mjs [WORD...] runs those whose name holds a word.
// Each tests/e2e/*.e2e.mjs exports `tests`: { name: { options, run: async ({ world, server, page }) => {…} } }.
//
// The files are shared out to E2E_WORKERS processes (2, or 1 on one processor), each with a server and a browser of its
// own; the tests of a file run one after the other in one of them. A test that fails is told in full and run once more
// on a new page; it counts by the second run, and the last lines name it, for a test that fails now and then is a fault too.
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { newPage, open } from './browser.mjs';

const indent = (error) => String(error.stack ?? error).replaceAll(/^/gm, '     ');
const testsOf = async (file) => (await import(join(import.meta.dirname, file))).tests;

async function attempt(world, name, { options = {}, run }) {
  const page = await newPage(world, options);
  try {
    await run({ world, server: world.server, page });
    if (page.faults.length) throw new Error(page.faults.join('\n'));
    return null;
  } catch (error) {
    await page.shot(`failed ${name}`.replaceAll(/[^\w.-]+/g, '-')).catch(() => {});
    return [`FAIL ${name}`, indent(error), ...[...page.faults, ...page.refused].slice(0, 8).map((fault) => `     ${fault}`)].join('\n');
  } finally {
    await page.context().close();
  }
}

async function runOne(world, name, test, tell) {
  let problem = await attempt(world, name, test);
  if (problem) {
    tell({ text: problem.replace('FAIL', 'AGAIN') });
    problem = await attempt(world, name, test);
    if (!problem) tell({ again: name });
  }
  tell(problem ? { text: problem, failed: 1 } : { text: `ok   ${name}`, passed: 1 });
}

/** One process with its world: asks for a file, runs the wanted tests of it, asks for the next. */
async function work() {
  const tell = (message) => process.send(message);
  const world = await open();
  process.on('message', async ({ file, names }) => {
    try {
      const tests = file ? await testsOf(file) : {};
      for (const name of names ?? []) await runOne(world, name, tests[name], tell);
    } catch (error) {
      tell({ text: `FAIL ${file}\n${indent(error)}\n${world.server.log}`, failed: 1 });
    }
    if (file) return tell({ next: true });
    await world.close();
    process.exit(0);
  });
  tell({ next: true });
}

async function wanted(words) {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.e2e.mjs')).sort();
  const all = await Promise.all(files.map(async (file) => ({ file, names: Object.keys(await testsOf(file)) })));
  const chosen = all.map(({ file, names }) => ({ file, names: names.filter((name) => !words.length || words.some((word) => name.includes(word))) }));
  return chosen.filter(({ names }) => names.length).sort((a, b) => b.names.length - a.names.length);
}

function worker(queue, sum) {
  return new Promise((done) => {
    const child = fork(import.meta.filename, ['--worker']);
    child.on('message', ({ text, passed = 0, failed = 0, again, next }) => {
      if (text) console.log(text);
      sum.passed += passed;
      sum.failed += failed;
      if (again) sum.again.push(again);
      if (next) child.send(queue.shift() ?? {});
    });
    child.on('exit', (code) => {
      if (code !== 0) { sum.failed++; console.log(`FAIL a worker ended with ${code}`); }
      done();
    });
  });
}

async function main(words) {
  const queue = await wanted(words);
  const sum = { passed: 0, failed: 0, again: [] };
  const workers = Math.min(Number(process.env.E2E_WORKERS ?? Math.min(2, availableParallelism())), queue.length);
  await Promise.all(Array.from({ length: workers }, () => worker(queue, sum)));
  if (queue.length) sum.failed += queue.length;
  for (const name of sum.again) console.log(`passed only when run again: ${name}`);
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  process.exit(sum.failed ? 1 : 0);
}

await (process.argv[2] === '--worker' ? work() : main(process.argv.slice(2)));
