// SPDX-License-Identifier: Apache-2.0
// kill -9 under load: nothing acknowledged is lost, nothing is there twice.
//
// 32 writers create records and change each once; every request carries an Idempotency-Key. At a
// random moment the whole server is killed. After the restart every request whose answer was lost
// is sent again with the same key; then the database must hold each record exactly once, with the
// version that its acknowledged writes gave it. KILLS (20) rounds on one growing database.
import { randomInt, randomUUID } from 'node:crypto';
import { Server, sleep } from '../lib/server.mjs';

const KILLS = Number(process.env.KILLS ?? 20);
const WRITERS = 32;

// One record's story: created under `name`, then changed; what the server acknowledged of it.
class Story {
  constructor(round, writer, number) {
    this.name = `kill9 ${round} ${writer} ${number} ${randomUUID()}`;
    this.steps = [{ kind: 'create', key: randomUUID() }, { kind: 'update', key: randomUUID() }];
  }

  async send(server, step) {
    const headers = { 'Idempotency-Key': step.key };
    const answer = step.kind === 'create'
      ? await server.request('POST', '/api/v1/accounts', { name: this.name }, headers)
      : await server.request('PATCH', `/api/v1/accounts/${this.id}`, { phone: '021-55550000' }, {
        ...headers, 'If-Match': '"1"',
      });
    if (answer.status === 503 || answer.status === 409) return false;
    if (answer.status !== (step.kind === 'create' ? 201 : 200)) {
      throw new Error(`${step.kind}: ${answer.status} ${answer.text}`);
    }
    if (step.kind === 'create') this.id = answer.body.id;
    step.acknowledged = true;
    return true;
  }
}

const isLinkLoss = (error) => /ECONN|EPIPE|socket hang up|aborted|no answer/.test(`${error.code} ${error.message}`);

async function writer(server, round, number, stories, state) {
  for (let i = 0; !state.killed; i++) {
    const story = new Story(round, number, i);
    stories.push(story);
    for (const step of story.steps) {
      try {
        if (!await story.send(server, step)) return;
      } catch (error) {
        if (isLinkLoss(error)) return;
        throw error;
      }
      if (step.acknowledged) state.acknowledged++;
    }
  }
}

// Sends again what got no answer, with the same key, until the server has decided.
async function finish(server, stories) {
  let again = 0;
  for (const story of stories) {
    for (const step of story.steps) {
      if (step.acknowledged) continue;
      again++;
      for (let i = 0; !await story.send(server, step); i++) {
        if (i === 200) throw new Error(`${step.kind} of ${story.name} is never decided`);
        await sleep(25);
      }
    }
  }
  return again;
}

async function allRecords(server, round) {
  const found = [];
  for (let after = ''; after !== null;) {
    const filter = encodeURIComponent(`name starts "kill9 ${round} "`);
    const answer = await server.request('GET',
      `/api/v1/accounts?filter=${filter}&fields=name,version&limit=200&count=none${after && `&after=${encodeURIComponent(after)}`}`);
    if (answer.status !== 200) throw new Error(`list: ${answer.status} ${answer.text}`);
    found.push(...answer.body.items);
    after = answer.body.next ?? null;
  }
  return found;
}

function judge(stories, records) {
  const by = new Map();
  for (const record of records) by.set(record.name, [...(by.get(record.name) ?? []), record]);
  const faults = [];
  for (const story of stories) {
    const same = by.get(story.name) ?? [];
    if (same.length === 0) faults.push(`lost: ${story.name}`);
    if (same.length > 1) faults.push(`${same.length} times: ${story.name}`);
    if (same.length === 1 && same[0].id !== story.id) faults.push(`other id: ${story.name}`);
    if (same.length === 1 && same[0].version !== 2) faults.push(`version ${same[0].version}: ${story.name}`);
  }
  if (records.length !== stories.length) faults.push(`${records.length} records for ${stories.length} stories`);
  return faults;
}

async function historyFaults(server, stories) {
  const faults = [];
  for (const story of stories.slice(0, 5)) {
    const answer = await server.request('GET', `/api/v1/accounts/${story.id}/history`);
    if (answer.body.items?.length !== 2) faults.push(`history of ${story.name}: ${answer.text}`);
  }
  return faults;
}

async function oneRound(server, round) {
  const stories = [];
  const state = { killed: false, acknowledged: 0 };
  const writers = Array.from({ length: WRITERS }, (_, i) => writer(server, round, i, stories, state));
  const all = Promise.all(writers);
  await Promise.race([sleep(randomInt(60, 700)), all]);
  state.killed = true;
  await server.kill();
  await all;
  await server.start();
  const lostBefore = stories.filter((s) => s.steps[0].acknowledged).map((s) => s.name);
  const present = new Set((await allRecords(server, round)).map((r) => r.name));
  const lost = lostBefore.filter((name) => !present.has(name)).map((name) => `acknowledged and lost: ${name}`);
  const again = await finish(server, stories);
  const faults = [...lost, ...judge(stories, await allRecords(server, round)), ...await historyFaults(server, stories)];
  console.log(`${faults.length ? 'FAIL' : 'ok  '} kill ${round}: ${state.acknowledged} acknowledged, ${again} sent again`);
  faults.slice(0, 10).forEach((fault) => console.log(`     ${fault}`));
  return { faults: faults.length, acknowledged: state.acknowledged };
}

const server = await Server.create();
let passed = 0, failed = 0, acknowledged = 0;
try {
  for (let round = 1; round <= KILLS; round++) {
    const result = await oneRound(server, round);
    acknowledged += result.acknowledged;
    if (result.faults) failed++; else passed++;
  }
} catch (error) {
  console.log(`FAIL ${error.stack}\n${server.log}`);
  failed++;
} finally {
  await server.remove();
}
if (acknowledged < KILLS * WRITERS) {
  console.log(`FAIL only ${acknowledged} writes were acknowledged: the server was not under load`);
  failed++;
}
console.log(`${acknowledged} writes acknowledged`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
