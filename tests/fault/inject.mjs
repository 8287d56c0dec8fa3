// SPDX-License-Identifier: Apache-2.0
// The n-th statement, COMMIT or transaction of the server fails, for every n of a short story:
// create a record, change it, delete it. Whatever fails, the record is as before or as asked, never
// between; the same request with the same Idempotency-Key then goes through, once; the server lives.
//
//   statement  a statement of a plan fails: that plan answers 500, all of it is undone
//   rollback   the engine gives the transaction up under a statement: every plan is tried again alone
//   commit     COMMIT fails and keeps nothing: likewise
//   link       (PostgreSQL) COMMIT is kept, but the link is lost: the idempotency row tells
import { randomUUID } from 'node:crypto';
import { Server } from '../lib/server.mjs';

const onPostgres = process.env.GUANXI_TEST_ENGINE === 'postgres';
const KINDS = onPostgres ? ['statement', 'commit', 'link'] : ['statement', 'rollback', 'commit'];
const PATIENCE = 3; // runs without any effect of the fault before a kind is done

class Story {
  constructor(server, name) {
    this.server = server;
    this.name = name;
    this.failed = 0;
  }

  async find() {
    const filter = encodeURIComponent(`name = ${JSON.stringify(this.name)}`);
    const answer = await this.server.request('GET', `/api/v1/accounts?filter=${filter}&fields=name,phone,version&count=exact`);
    if (answer.status !== 200) throw new Error(`list: ${answer.status} ${answer.text}`);
    return answer.body.items;
  }

  // Sends a request; if it fails, checks that nothing of it is there and sends it again.
  async step(method, path, body, headers, wanted, untouched) {
    const key = randomUUID();
    for (let tries = 0; ; tries++) {
      const answer = await this.server.request(method, path, body, { 'Idempotency-Key': key, ...headers });
      if (answer.status === wanted) return answer;
      if (answer.status < 500 || tries === 3) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
      this.failed++;
      const items = await this.find();
      if (!untouched(items)) throw new Error(`${method} failed with ${answer.status}, yet left ${JSON.stringify(items)}`);
    }
  }

  async tell() {
    const created = await this.step('POST', '/api/v1/accounts', { name: this.name }, {}, 201, (items) => items.length === 0);
    const path = `/api/v1/accounts/${created.body.id}`;
    await this.step('PATCH', path, { phone: '021-55550000' }, { 'If-Match': '"1"' }, 200,
      (items) => items.length === 1 && items[0].version === 1 && (items[0].phone ?? null) === null);
    const items = await this.find();
    if (items.length !== 1 || items[0].version !== 2) throw new Error(`after the update: ${JSON.stringify(items)}`);
    const history = await this.server.request('GET', `${path}/history`);
    if (history.body.items?.length !== 2) throw new Error(`history: ${history.text}`);
    await this.step('DELETE', path, undefined, { 'If-Match': '"2"' }, 204, (left) => left.length === 1);
    if ((await this.find()).length !== 0) throw new Error('still there after the delete');
  }
}

// Plans the server tried again, and commits whose answer it had to look up.
async function retries(server) {
  const { text } = await server.request('GET', '/metrics');
  const count = (name) => Number(new RegExp(`^guanxi_db_${name}_total (\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return count('retries') + count('unknown');
}

// One story under one fault; gives whether the fault was felt.
async function one(server, kind, n) {
  await server.start({ GUANXI_DB_FAULT: `${kind}:${n}` });
  const story = new Story(server, `fault ${kind} ${n} ${randomUUID()}`);
  await story.tell();
  const again = await retries(server);
  const code = await server.stop();
  if (code !== 0) throw new Error(`the server ended with ${code}`);
  if (story.failed && kind === 'rollback') throw new Error('a batch that was given up was not tried again');
  return story.failed > 0 || again > 0;
}

let passed = 0, failed = 0;
const server = await Server.create();
await server.stop();
for (const kind of KINDS) {
  let felt = 0, quiet = 0, n = 0;
  while (quiet < PATIENCE && n < 200) {
    n++;
    try {
      if (await one(server, kind, n)) { felt++; quiet = 0; } else quiet++;
      passed++;
    } catch (error) {
      console.log(`FAIL ${kind} ${n}: ${error.message}\n${server.log.split('\n').slice(-8).join('\n')}`);
      failed++;
      quiet++;
      await server.stop().catch(() => null);
    }
  }
  if (felt === 0) {
    console.log(`FAIL ${kind}: no fault was ever felt`);
    failed++;
  }
  console.log(`${kind}: ${n} points, ${felt} felt`);
}
await server.remove();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
