// SPDX-License-Identifier: Apache-2.0
// kill -9 between the bytes of a file and its row: a name in the store stands for whole bytes, a row for a file that
// can be read; what was cut off in between is bytes that no file knows, and the same upload again is well.
//
// 16 writers upload small files and attach each to a record while the whole server is killed at random moments,
// KILLS_FILES (8) times. Afterwards every acknowledged upload is read whole, every row has its bytes (doctor), and
// every upload without an answer is sent again and read.
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Server, sleep } from '../lib/server.mjs';

const KILLS = Number(process.env.KILLS_FILES ?? 8);
const WRITERS = 16;
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');

async function send(server, bytes) {
  const form = new FormData();
  form.append('file', new Blob([bytes], { type: 'application/x-thing' }), 'f.bin');
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/files`, { method: 'POST', headers: { Authorization: `Bearer ${server.key}` }, body: form });
  const text = await answer.text();
  if (answer.status === 503) throw new Error('busy');
  if (answer.status !== 201) throw new Error(`upload: ${answer.status} ${text}`);
  return JSON.parse(text).id;
}

async function writer(server, state) {
  while (!state.killed) {
    const upload = { bytes: randomBytes(randomInt(1, 20000)) };
    state.uploads.push(upload);
    try {
      upload.id = await send(server, upload.bytes);
    } catch (error) {
      if (/^upload:/.test(error.message)) state.wrong = error;
      return;
    }
  }
}

async function read(server, id) {
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/files/${id}`, { headers: { Authorization: `Bearer ${server.key}` } });
  if (answer.status !== 200) throw new Error(`file ${id}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

// Every name in the store against the bytes under it.
function contents(dir) {
  const names = new Set();
  for (const outer of readdirSync(join(dir, 'files'))) {
    for (const inner of readdirSync(join(dir, 'files', outer))) {
      for (const name of readdirSync(join(dir, 'files', outer, inner))) {
        if (sha(readFileSync(join(dir, 'files', outer, inner, name))) !== name) throw new Error(`${name} does not hold its bytes`);
        names.add(name);
      }
    }
  }
  return names;
}

const server = await Server.create({});
try {
  const all = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const state = { uploads: [], killed: false };
    const writers = Array.from({ length: WRITERS }, () => writer(server, state));
    await sleep(randomInt(50, 400));
    state.killed = true;
    await server.kill();
    await Promise.all(writers);
    if (state.wrong) throw state.wrong;
    all.push(...state.uploads);
    await server.start();
  }
  const kept = all.filter((u) => u.id), lost = all.filter((u) => !u.id);
  const stored = contents(server.dir);
  for (const u of kept) if (!(await read(server, u.id)).equals(u.bytes)) throw new Error(`file ${u.id} reads otherwise`);
  const strays = lost.filter((u) => stored.has(sha(u.bytes))).length;
  const report = JSON.parse(server.command('doctor', '--json'));
  const wrong = report.problems.filter((p) => p.check === 'file');
  if (wrong.length) throw new Error(JSON.stringify(wrong));
  for (const u of lost) if (!(await read(server, await send(server, u.bytes))).equals(u.bytes)) throw new Error('sent again it reads otherwise');
  if (!kept.length) throw new Error('nothing was uploaded');
  console.log(`files9: ${KILLS} kills, ${kept.length} files read whole, ${lost.length} without an answer (${strays} had their bytes), sent again`);
} finally {
  await server.stop();
}
