// SPDX-License-Identifier: Apache-2.0
// kill -9 while jobs run and streams listen: nothing is lost, nothing is done twice or by half.
//
// A bulk action changes RECORDS records while a client follows the event log. The server's worker process
// is killed at a random moment, KILLS_JOBS (4) times: after each crash its parent waits twice as long; its parent starts it again. In the end the job is done,
// every record was changed exactly once (version 2), its batch names each once, and the client, who
// resumed with the last number it saw, was told of every change or told to start over.
import { randomInt } from 'node:crypto';
import { countAccounts as count, jobEnd as finished, patiently, worker } from '../lib/killed.mjs';
import { Server, sleep } from '../lib/server.mjs';
import { listen } from '../api/lib.mjs';

const KILLS = Number(process.env.KILLS_JOBS ?? 4);
const RECORDS = 2000;

class Follower {
  constructor(server) { Object.assign(this, { server, seen: new Set(), resets: 0, lastId: undefined, stopped: false }); }

  async run() {
    while (!this.stopped) {
      try {
        const stream = await listen(this.server, this.server.key, 'accounts', this.lastId);
        for (let told = 0; !stream.ended && !this.stopped; await sleep(20)) {
          for (; told < stream.events.length; told++) {
            const event = stream.events[told];
            if (event.type === 'reset') this.resets++;
            if (event.type === 'record' && event.data.action === 'update') this.seen.add(event.data.id);
          }
          this.lastId = stream.lastId ?? this.lastId;
        }
        stream.close();
      } catch { await sleep(50); }
    }
  }
}

async function fill(server) {
  const ids = [];
  for (let i = 0; i < RECORDS; i += 100) {
    const requests = Array.from({ length: 100 }, (_, k) => ({ method: 'POST', path: '/accounts', body: { name: `jobs9 ${i + k}` } }));
    const answer = await server.request('POST', '/api/v1/batch', { requests });
    if (answer.status !== 200) throw new Error(answer.text);
    ids.push(...answer.body.items.map((item) => item.body.id));
  }
  return ids;
}

const server = await Server.create({});
try {
  const ids = await fill(server);
  const follower = new Follower(server);
  const following = follower.run();
  await sleep(300);
  const { headers } = await server.request('POST', '/api/v1/accounts/bulk', { filter: 'name starts "jobs9 "', set: { short_name: 'once' } }, { 'Idempotency-Key': 'jobs9' });
  let kills = 0;
  for (; kills < KILLS; kills++) {
    await sleep(randomInt(5, 120));
    process.kill(await worker(server), 'SIGKILL');
    await patiently(() => server.request('GET', '/healthz'), 'start');
  }
  const job = await finished(server, headers.location);
  if (job.status !== 'done' || job.result.failed) throw new Error(JSON.stringify(job));
  const once = await count(server, 'name starts "jobs9 " and short_name = "once" and version = 2');
  if (once !== RECORDS) throw new Error(`${once} of ${RECORDS} records were changed exactly once`);
  for (let i = 0; i < 200 && !follower.resets && follower.seen.size < RECORDS; i++) await sleep(50);
  follower.stopped = true;
  await following;
  const missed = follower.resets ? 0 : ids.filter((id) => !follower.seen.has(id)).length;
  if (missed) throw new Error(`${missed} changes were never told`);
  const undo = await server.request('POST', `/api/v1/batches/${job.batch}/undo`);
  const undone = await finished(server, undo.headers.location);
  if (undone.result?.undone !== RECORDS) throw new Error(JSON.stringify(undone).slice(0, 500));
  console.log(`jobs9: ${kills} kills, ${RECORDS} records changed once and taken back, ${follower.resets ? 'told to start over' : 'every change told'}`);
} finally {
  await server.stop();
}
