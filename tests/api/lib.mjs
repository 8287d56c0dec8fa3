// SPDX-License-Identifier: Apache-2.0
// What scenarios share: expectations about answers, clients of several users, live streams.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import { join } from 'node:path';

export { assert };
export const api = '/api/v1';
export class Skip extends Error {}

/** Changes what the stopped server keeps, as time would have. Tables are written as gx_…. */
export function sqlOn(server, sql) {
  if (process.env.GUANXI_TEST_ENGINE === 'postgres') execFileSync('psql', [server.env.GUANXI_DATABASE, '-qc', sql.replaceAll(/\bgx_/g, 'guanxi.gx_')]);
  else execFileSync('python3', ['-c', 'import sqlite3,sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()', join(server.dir, 'guanxi.db'), sql]);
}

/** The first column of what a question finds. */
export function rowsOn(server, sql) {
  const lines = (text) => text.trim().split('\n').filter(Boolean);
  if (process.env.GUANXI_TEST_ENGINE === 'postgres') return lines(execFileSync('psql', [server.env.GUANXI_DATABASE, '-Atqc', `SET search_path = guanxi; ${sql}`], { encoding: 'utf8' }));
  const code = 'import sqlite3,sys\nfor r in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(r[0])';
  return lines(execFileSync('python3', ['-c', code, join(server.dir, 'guanxi.db'), sql], { encoding: 'utf8' }));
}

let serial = Date.now() % 1e6;
export const unique = (word) => `${word}-${++serial}`;

// The answer's body, after checking its status.
export function expect(answer, status) {
  if (answer.status !== status) {
    assert.fail(`wanted ${status}, got ${answer.status}: ${answer.text.slice(0, 2000)}`);
  }
  return answer.body;
}

export function expectProblem(answer, status, code) {
  const body = expect(answer, status);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.equal(body.code, code, answer.text);
  assert.equal(body.status, status);
  assert.ok(body.title && body.request_id, answer.text);
  return body;
}

export const fieldError = (problem, field) => problem.errors?.find((e) => e.field === field);

// Requests of one user: by(key).get('/accounts') …
export function by(server, key = server.key) {
  const headers = key ? { Authorization: `Bearer ${key}` } : { Authorization: '' };
  const call = (method) => (path, body, more = {}) =>
    server.request(method, path.startsWith('/api/') ? path : api + path, body, { ...headers, ...more });
  return {
    get: (path, more) => call('GET')(path, undefined, more),
    post: call('POST'), patch: call('PATCH'), put: call('PUT'),
    delete: (path, more) => call('DELETE')(path, undefined, more),
  };
}

export async function create(client, plural, body) {
  return expect(await client.post(`/${plural}`, body), 201);
}

// A user with these roles and a client that acts as that user.
export async function makeUser(server, roles, more = {}) {
  const login = unique('user');
  const user = await create(by(server), 'users', {
    name: login, login, status: 'active', roles: roles.map((code) => ({ match: { code } })), ...more,
  });
  const key = server.command('user', 'api-key', login).trim().split(/\s+/).pop();
  return { ...user, key, client: by(server, key) };
}

// Somebody with a role of his own that may just this.
export async function withRights(server, system, objects = {}) {
  const code = unique('right').replace(/[^a-z0-9_]/g, '_');
  const role = await create(by(server), 'roles', { code, name: code });
  expect(await by(server).put(`/meta/access/${code}`, { objects, system }), 200);
  return { ...await makeUser(server, [code]), code, role };
}

// Every item of a list, page by page.
export async function walk(client, path, limit = 7, each = async () => {}) {
  const items = [];
  let after = '';
  do {
    const join = path.includes('?') ? '&' : '?';
    const page = expect(await client.get(`${path}${join}limit=${limit}${after && `&after=${encodeURIComponent(after)}`}`), 200);
    items.push(...page.items);
    after = page.next;
    await each(items);
  } while (after);
  return items;
}

// A live stream of a key (or of headers such as a cookie): events are kept; wait(test) resolves with the first that fits.
export async function listen(server, key, watch, lastEventId) {
  const stream = { events: [], waiting: [], text: '', ended: false };
  const settle = () => {
    stream.waiting = stream.waiting.filter(({ test, done }) => {
      const event = stream.events.find(test);
      if (event) done(event);
      return !event;
    });
  };
  const frame = (block) => {
    const event = { type: 'message', data: '' };
    for (const line of block.split('\n')) {
      const [, name, value] = /^([a-z]*): ?(.*)$/.exec(line) ?? [];
      if (name === 'id') stream.lastId = event.id = value;
      if (name === 'event') event.type = value;
      if (name === 'data') event.data += value;
    }
    if (!event.data) return;
    event.data = JSON.parse(event.data);
    stream.events.push(event);
  };
  await new Promise((done, fail) => {
    stream.request = http.get({
      host: '127.0.0.1', port: server.port, path: `${api}/events?watch=${watch}`,
      headers: { ...(typeof key === 'string' ? { Authorization: `Bearer ${key}` } : key), ...(lastEventId ? { 'Last-Event-ID': lastEventId } : {}) },
    }, (answer) => {
      stream.status = answer.statusCode;
      answer.setEncoding('utf8');
      answer.on('data', (text) => {
        stream.text += text;
        const blocks = stream.text.split('\n\n');
        stream.text = blocks.pop();
        blocks.forEach(frame);
        settle();
      });
      answer.on('close', () => { stream.ended = true; });
      answer.on('error', () => { stream.ended = true; });
      done();
    });
    stream.request.on('error', fail);
  });
  stream.wait = (test, ms = 5000) => new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`no such event among ${JSON.stringify(stream.events)}`)), ms);
    stream.waiting.push({ test, done: (event) => { clearTimeout(timer); done(event); } });
    settle();
  });
  stream.close = () => stream.request.destroy();
  return stream;
}

export async function waitForJob(client, answer, ms = 120000) {
  expect(answer, 202);
  const { location } = answer.headers;
  assert.match(location, /^\/api\/v1\/jobs\/\d+$/);
  for (const until = Date.now() + ms; Date.now() < until;) {
    const job = expect(await client.get(location), 200);
    if (!['queued', 'running'].includes(job.status)) return job;
    await new Promise((done) => setTimeout(done, 50));
  }
  return assert.fail(`the job does not end: ${location}`);
}

// Uploads one file to be kept; the answer's body is what a record refers to by id.
export async function uploadFile(server, key, name, type, data) {
  const form = new FormData();
  form.append('file', new Blob([data], { type }), name);
  const answer = await fetch(`http://127.0.0.1:${server.port}${api}/files`, { method: 'POST', headers: { Authorization: `Bearer ${key}` }, body: form });
  const text = await answer.text();
  assert.equal(answer.status, 201, text);
  return JSON.parse(text);
}

// Sends a file and options as a form.
export function upload(server, key, path, file, name, options) {
  const boundary = `----guanxi${++serial}`;
  const part = (head, data) => Buffer.concat([Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), Buffer.from(data), Buffer.from('\r\n')]);
  const body = Buffer.concat([
    part('Content-Disposition: form-data; name="options"', JSON.stringify(options)),
    part(`Content-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv`, file),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  return new Promise((done, fail) => {
    const request = http.request({
      host: '127.0.0.1', port: server.port, method: 'POST', path: api + path,
      headers: {
        Authorization: `Bearer ${key}`, 'Content-Length': body.length,
        'Content-Type': `multipart/form-data; boundary=${boundary}`,
      },
    }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (data) => { text += data; });
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text, body: text ? JSON.parse(text) : null }));
    });
    request.on('error', fail);
    request.end(body);
  });
}

export async function rulesFilled(admin) {
  for (let i = 0; i < 400; i++) {
    if (expect(await admin.get('/meta/sharing-rules'), 200).items.every((rule) => rule.filled)) return;
    await new Promise((done) => setTimeout(done, 30));
  }
  assert.fail('a sharing rule is never filled');
}
