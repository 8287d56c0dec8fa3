// SPDX-License-Identifier: Apache-2.0
// kill -9 while an archive of everything comes in: the job goes on from its checkpoint, each record is there once.
//
// A demo of 150 accounts is exported and brought into another server, whose worker is killed up to KILLS (1) times
// while rows are written: at last all are there, so many kills may find no more to break off, but the first must.
// In the end each row is counted once as new or the same, both servers have as many records of each object, doctor
// finds nothing.
import { randomInt } from 'node:crypto';
import { upload } from '../api/lib.mjs';
import { jobEnd, jobState, patiently, worker } from '../lib/killed.mjs';
import { Server, sleep } from '../lib/server.mjs';

const KILLS = Number(process.env.KILLS ?? 1);
const TOLD = ['account', 'contact', 'order', 'order_line', 'followup', 'user', 'role', 'stage'];

function check(what, got, want) {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
}

async function counts(server) {
  const { objects } = (await server.request('GET', '/api/v1/meta')).body;
  const of = async (o) => (await server.request('GET', `/api/v1/${o.plural}?limit=1&count=exact`)).body.count.value;
  return Promise.all(objects.filter((o) => TOLD.includes(o.object)).map(async (o) => [o.object, await of(o)]));
}

/** Once rows are being written (the second half of the progress), again and again. */
async function killWhileRowsCome(server, location) {
  for (let kills = 0, before = 0; ; ) {
    const job = await jobState(server, location);
    const done = job.progress?.done ?? 0;
    if (kills === KILLS || !['queued', 'running'].includes(job.status)) return kills;
    if (job.status === 'running' && done > before && done > job.progress.total / 2) {
      before = done;
      await sleep(randomInt(0, 40));
      process.kill(await worker(server), 'SIGKILL');
      kills++;
      await patiently(() => server.request('GET', '/healthz'), 'start');
    }
    await sleep(5);
  }
}

const from = await Server.create({});
const to = await Server.create({});
try {
  await jobEnd(from, (await from.request('POST', '/api/v1/demo', { accounts: 150, seed: 3 })).headers.location);
  const made = await jobEnd(from, (await from.request('POST', '/api/v1/export', {})).headers.location);
  const file = await fetch(`http://127.0.0.1:${from.port}${made.result.file.url}`, { headers: { Authorization: `Bearer ${from.key}` } });
  const started = await upload(to, to.key, '/import', Buffer.from(await file.arrayBuffer()), 'all.zip', {});
  if (started.status !== 202) throw new Error(started.text);
  const kills = await killWhileRowsCome(to, started.headers.location);
  const { status, result } = await jobEnd(to, started.headers.location);
  check('status', status, 'done');
  check('left out', [result.failed, result.kept, result.lost_links], [0, 0, 0]);
  check('each once', result.created + result.equal + result.updated, made.result.rows);
  const presets = result.objects.reduce((sum, o) => sum + o.moved, 0);
  check('what an attempt had written is not read as there already', result.equal + result.updated, presets);
  check('records', await counts(to), await counts(from));
  check('doctor', JSON.parse(to.command('doctor', '--json')).problems.filter((p) => p.check !== 'rollup'), []); // a job computes them
  if (!kills) throw new Error('it ended before it could be killed');
  console.log(`archive9: ${kills} kills while ${made.result.rows} rows came in; each there once`);
} finally {
  await from.stop();
  await to.stop();
  await from.remove();
  await to.remove();
}
