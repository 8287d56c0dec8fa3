// SPDX-License-Identifier: Apache-2.0
// A guanxi server of one's own for a test: fresh data, free port, API key; stopped or killed at will.
//
//   const server = await Server.create();            // SQLite, or PostgreSQL by GUANXI_TEST_ENGINE
//   const { status, body } = await server.request('GET', '/api/v1/me');
//   server.kill();  await server.start();             // kill -9, then the same data again
//   await server.remove();
import { spawn, execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
export const PASSWORD = 'guanxi-test-Passw0rd';

export function freePort() {
  return new Promise((done, fail) => {
    const probe = net.createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// A database of its own on the PostgreSQL of GUANXI_TEST_POSTGRES.
function createDatabase() {
  const url = new URL(process.env.GUANXI_TEST_POSTGRES);
  const name = `guanxi_test_${process.pid}_${Date.now()}`;
  execFileSync('psql', [url.href, '-qc', `create database ${name}`]);
  url.pathname = `/${name}`;
  return url.href;
}

// A test that dies must not leave its servers behind.
const running = new Set();
process.once('exit', () => {
  for (const pid of running) {
    try { process.kill(-pid, 'SIGKILL'); } catch { /* it ended */ }
  }
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

export class Server {
  static async create({ program = process.env.GUANXI_PROGRAM ?? join(root, 'build/guanxi'), env = {}, init = true, prepare } = {}) {
    const server = new Server();
    server.program = program;
    server.dir = mkdtempSync(join(tmpdir(), 'guanxi-test-'));
    server.env = { ...process.env, ...env };
    if (process.env.GUANXI_TEST_ENGINE === 'postgres') {
      server.env.GUANXI_DATABASE = createDatabase();
    }
    server.agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
    if (init) {
      writeFileSync(join(server.dir, 'password'), PASSWORD, { mode: 0o600 });
      server.command('init', '--admin-password-file', join(server.dir, 'password'));
      server.key = server.command('user', 'api-key', 'admin').trim().split(/\s+/).pop();
    }
    await prepare?.(server);
    await server.start();
    return server;
  }

  // Runs `guanxi VERB --data DIR ARGS`; gives what it prints.
  command(verb, ...args) {
    const words = verb === 'user' ? [verb, args.shift()] : [verb];
    return execFileSync(this.program, [...words, '--data', this.dir, ...args], {
      env: this.env, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async start(env = {}) {
    this.port = await freePort();
    const logFile = openSync(this.logPath, 'a'); // a pipe would stall the server while this process is busy
    this.process = spawn(this.program, ['serve', '--data', this.dir, '--listen', `127.0.0.1:${this.port}`], {
      env: { ...this.env, ...env }, detached: true, stdio: ['ignore', logFile, logFile],
    });
    closeSync(logFile);
    const { pid } = this.process;
    running.add(pid);
    this.ended = new Promise((done) => this.process.once('exit', (code) => { running.delete(pid); done(code); }));
    const began = performance.now();
    for (;;) {
      const answer = await this.request('GET', '/healthz').catch(() => null);
      if (answer?.status === 200) break;
      if (this.process.exitCode !== null || performance.now() - began > 60000) {
        throw new Error(`the server does not start:\n${this.log}`);
      }
      await sleep(2);
    }
    return performance.now() - began;
  }

  get logPath() {
    return `${this.dir}.log`;
  }

  // The end of what the server wrote to its log.
  get log() {
    return existsSync(this.logPath) ? readFileSync(this.logPath, 'utf8').slice(-65536) : '';
  }

  // Process ids of the server: the parent that was started and its children.
  pids() {
    const all = [this.process.pid];
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        if (all.includes(parent)) all.push(Number(entry));
      } catch { /* it ended meanwhile */ }
    }
    return all;
  }

  // Gives { status, headers, body, text }; body is parsed where the answer is JSON.
  request(method, path, body, headers = {}) {
    const data = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    return new Promise((done, fail) => {
      const request = http.request({
        agent: this.agent, host: '127.0.0.1', port: this.port, method, path, timeout: 30000,
        headers: {
          ...(this.key ? { Authorization: `Bearer ${this.key}` } : {}),
          ...(data === null ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(data) }),
          ...headers,
        },
      }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', fail);
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const json = /json/.test(answer.headers['content-type'] ?? '');
          try {
            done({ status: answer.statusCode, headers: answer.headers, text, body: json ? JSON.parse(text) : null });
          } catch (error) { fail(error); }
        });
      });
      request.on('error', fail);
      request.on('timeout', () => request.destroy(new Error(`no answer: ${method} ${path}`)));
      request.end(data);
    });
  }

  // kill -9 of parent and child at once.
  async kill() {
    process.kill(-this.process.pid, 'SIGKILL');
    await this.ended;
    this.agent.destroy();
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGTERM');
    const code = await this.ended;
    this.agent.destroy();
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
    return code;
  }

  async remove() {
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
    rmSync(this.logPath, { force: true });
  }
}
