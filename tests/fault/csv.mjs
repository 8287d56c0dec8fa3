// SPDX-License-Identifier: Apache-2.0
// A CSV file whose quote never ends: 2 GB are refused before they are sent; 300 MB are read as far as a row may
// reach, the job says so with the row, and the server's memory stays small.
import http from 'node:http';
import { readFileSync } from 'node:fs';
import { Server, sleep } from '../lib/server.mjs';

const MEGA = 1 << 20;
const faults = [];
let passed = 0;
const check = (ok, what) => { if (ok) passed++; else faults.push(what); };
const server = await Server.create();

function send(bytes) {
  const head = '--edge\r\nContent-Disposition: form-data; name="options"\r\n\r\n{"mapping":{"name":"name"}}\r\n'
    + '--edge\r\nContent-Disposition: form-data; name="file"; filename="endless.csv"\r\nContent-Type: text/csv\r\n\r\nname\nfirst\n"';
  const tail = '\r\n--edge--\r\n';
  return new Promise((done, fail) => {
    const request = http.request({
      host: '127.0.0.1', port: server.port, method: 'POST', path: '/api/v1/accounts/import',
      headers: {
        Authorization: `Bearer ${server.key}`, 'Content-Type': 'multipart/form-data; boundary=edge',
        'Content-Length': head.length + bytes + tail.length, Expect: '100-continue',
      },
    }, (answer) => {
      let text = '';
      answer.on('data', (data) => { text += data; });
      answer.on('end', () => done({ status: answer.statusCode, location: answer.headers.location, text }));
    });
    request.on('error', fail);
    request.on('continue', async () => {
      request.write(head);
      const block = Buffer.alloc(MEGA, 'x, y\n');
      for (let left = bytes; left > 0; left -= MEGA) {
        if (!request.write(left >= MEGA ? block : block.subarray(0, left))) await new Promise((go) => request.once('drain', go));
      }
      request.end(tail);
    });
    request.flushHeaders();
  });
}

// Most anonymous memory (kB) of the server's processes so far seen.
const memory = () => Math.max(...server.pids().map((pid) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)));

try {
  const huge = await send(2048 * MEGA);
  check(huge.status === 413, `2 GB: ${huge.status} ${huge.text}`);
  const large = await send(300 * MEGA);
  check(large.status === 202, `300 MB: ${large.status} ${large.text}`);
  let job = { status: 'queued' }, most = 0;
  for (let i = 0; i < 600 && ['queued', 'running'].includes(job.status); i++) {
    job = (await server.request('GET', large.location)).body;
    most = Math.max(most, memory());
    await sleep(50);
  }
  const told = JSON.stringify(job);
  check(/failed|done/.test(job.status), `the job does not end: ${told}`);
  check(/"row":\s*[23]/.test(told) || /[23]/.test(job.error?.detail ?? ''), `the row is not named: ${told}`);
  check(most < 64 * 1024, `the server held ${most} kB`);
  check((await server.request('GET', '/api/v1/me')).status === 200, 'the server answers afterwards');
} catch (error) {
  faults.push(`${error.stack}\n${server.log.split('\n').slice(-8).join('\n')}`);
}
await server.stop();
await server.remove();
for (const fault of faults) console.log(`FAIL ${fault}`);
console.log(`${passed} passed, ${faults.length} failed`);
process.exit(faults.length ? 1 : 0);
