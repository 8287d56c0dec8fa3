// SPDX-License-Identifier: Apache-2.0
// What scenarios of exports share: a list fetched as a file, the cells of a CSV, the entries of a ZIP.
import { inflateRawSync } from 'node:zlib';
import { assert, waitForJob } from './lib.mjs';

/** A list as a file: the result of the job, its bytes and text. */
export async function exported({ server, key, client }, plural, body) {
  const accepted = await client.post(`/${plural}/export`, body);
  assert.equal(accepted.status, 202, accepted.text);
  const job = await waitForJob(client, accepted);
  assert.equal(job.status, 'done', JSON.stringify(job));
  const file = await fetch(`http://127.0.0.1:${server.port}${job.result.file.url}`, { headers: { Authorization: `Bearer ${key}` } });
  assert.equal(file.status, 200);
  const bytes = Buffer.from(await file.arrayBuffer());
  return { ...job.result, bytes, text: bytes.toString('utf8'), type: file.headers.get('content-type') };
}

/** RFC 4180: rows of cells. */
export function cells(text) {
  const rows = [[]];
  let cell = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') {
      for (i++; text[i] !== '"' || text[i + 1] === '"'; i++) { cell += text[i]; if (text[i] === '"') i++; }
    } else if (text[i] === ',') { rows.at(-1).push(cell); cell = ''; } else if (text[i] === '\r' && text[i + 1] === '\n') {
      rows.at(-1).push(cell); cell = ''; rows.push([]); i++;
    } else cell += text[i];
  }
  rows.pop();
  return rows;
}

/** The entry of that name in a zip. */
export function unzip(bytes, name) {
  for (let at = 0; (at = bytes.indexOf('PK\x01\x02', at, 'latin1')) >= 0; at += 46) {
    const length = bytes.readUInt16LE(at + 28);
    if (bytes.toString('utf8', at + 46, at + 46 + length) !== name) continue;
    const from = bytes.readUInt32LE(at + 42);
    const data = from + 30 + bytes.readUInt16LE(from + 26) + bytes.readUInt16LE(from + 28);
    return inflateRawSync(bytes.subarray(data, data + bytes.readUInt32LE(at + 20))).toString('utf8');
  }
  return assert.fail(`no ${name}`);
}

