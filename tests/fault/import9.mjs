// SPDX-License-Identifier: Apache-2.0
// kill -9 in the middle of an import and of its undo: each goes on from its checkpoint, no row twice, none lost.
//
// A workbook's worth of rows (as JSON lines, so that the file becomes a temporary one first) is imported: new records,
// updates by key and faulty rows. The server's worker process is killed KILLS_IMPORT (2) times while the import runs, and
// as often while the undo runs; the parent starts it again. In the end each row is counted once, each key is there
// exactly once, the file of failed rows names each faulty row once; after the undo no record of the import is left
// and the updated ones are as before.
import { randomInt } from 'node:crypto';
import { countAccounts as count, jobEnd as finished, jobState as state, patiently, worker } from '../lib/killed.mjs';
import { Server, sleep } from '../lib/server.mjs';
import { upload } from '../api/lib.mjs';

const KILLS = Number(process.env.KILLS_IMPORT ?? 2);
const ROWS = 6000;
const KNOWN = 100; // there before
const FAULTY = 60; // every hundredth

/** Kills once the job has got somewhere, so that there is something to go on from. */
async function killWhileItRuns(server, location) {
  let kills = 0;
  for (let before = 0; kills < KILLS; kills++) {
    for (;;) {
      const job = await state(server, location);
      if (!['queued', 'running'].includes(job.status)) return kills;
      if (job.status === 'running' && job.progress.done > before) { before = job.progress.done; break; }
      await sleep(10);
    }
    await sleep(randomInt(0, 60));
    process.kill(await worker(server), 'SIGKILL');
    await patiently(() => server.request('GET', '/healthz'), 'start');
  }
  return kills;
}

function check(what, got, want) {
  if (got !== want) throw new Error(`${what}: ${got}, not ${want}`);
}

function lines() {
  return Array.from({ length: ROWS }, (_, i) => JSON.stringify({ external_id: `import9 ${i}`, name: `import9 firm ${i}`, employee_count: i % 100 === 50 ? 'many' : String(i % 1000) })).join('\n');
}

async function prepare(server) {
  const requests = Array.from({ length: KNOWN }, (_, i) => ({ method: 'POST', path: '/accounts', body: { name: `before ${i}`, external_id: `import9 ${i}`, employee_count: 7 } }));
  const answer = await server.request('POST', '/api/v1/batch', { requests });
  if (answer.status !== 200) throw new Error(answer.text);
}

const server = await Server.create({});
try {
  await prepare(server);
  const faultyKnown = 1; // row 50 is one of those that were there
  const started = await upload(server, server.key, '/accounts/import', lines(), 'import9.jsonl', { mode: 'upsert', key: ['external_id'] });
  if (started.status !== 202) throw new Error(started.text);
  const kills = await killWhileItRuns(server, started.headers.location);
  const job = await finished(server, started.headers.location);
  check('status', job.status, 'done');
  const r = job.result;
  check('read', r.read, ROWS);
  check('failed', r.failed, FAULTY);
  check('updated', r.updated, KNOWN - faultyKnown);
  check('created', r.created, ROWS - FAULTY - (KNOWN - faultyKnown));
  check('records', await count(server, 'external_id starts "import9 "'), ROWS - FAULTY + faultyKnown);
  check('new ones', await count(server, 'name starts "import9 firm" and version = 1'), r.created);
  check('changed once', await count(server, 'name starts "import9 firm" and version = 2'), r.updated);
  const file = await server.request('GET', r.error_file);
  check('rows in the error file', file.text.trim().split('\n').length, FAULTY + 1);

  const undo = await server.request('POST', `/api/v1/batches/${job.batch}/undo`);
  const more = await killWhileItRuns(server, undo.headers.location);
  const undone = await finished(server, undo.headers.location);
  check('undo', undone.status, 'done');
  check('taken back', undone.result.undone, r.created + r.updated);
  check('left over', await count(server, 'name starts "import9 firm"'), 0);
  check('as before', await count(server, 'name starts "before " and employee_count = 7'), KNOWN);
  console.log(`import9: ${kills} kills while ${ROWS} rows came in, ${more} while they were taken back; each counted once, nothing left`);
} finally {
  await server.stop();
}
