// SPDX-License-Identifier: Apache-2.0
// A new key for encrypted fields: what was sealed stays readable and is sealed anew, in the past too; kill -9 on the way; keys that are lost are told.
import { copyFileSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Server, sleep } from '../lib/server.mjs';
import { assert, by, create, expect, rowsOn as rows, waitForJob } from './lib.mjs';

const q = encodeURIComponent;
const onPostgres = process.env.GUANXI_TEST_ENGINE === 'postgres';

function command(server, ...args) {
  try {
    return { status: 0, text: server.command(...args) };
  } catch (error) {
    return { status: error.status, text: `${error.stdout}${error.stderr}` };
  }
}

async function withSafes(n, work) {
  const server = await Server.create();
  try {
    const admin = by(server);
    expect(await admin.post('/meta/objects', { object: 'safe', plural: 'safes', title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'token', type: 'secret' }] }), 201);
    const ids = [];
    for (let i = 0; i < n; i += 100) {
      const requests = Array.from({ length: Math.min(100, n - i) }, (_, k) => ({ method: 'POST', path: '/safes', body: { name: `${i + k}`, token: `word ${i + k}` } }));
      ids.push(...expect(await admin.post('/batch', { requests }), 200).items.map((x) => x.body.id));
    }
    await work({ server, admin, ids });
  } finally {
    await server.remove();
  }
}

const holding = async (admin, word) => expect(await admin.get(`/safes?filter=${q(`token = "${word}"`)}`), 200).items.map((r) => r.id);

/** The column of the field, found by what only it holds. */
function column(server) {
  const names = onPostgres
    ? rows(server, "SELECT column_name FROM information_schema.columns WHERE table_schema = 'guanxi' AND table_name = 'safes'")
    : rows(server, "SELECT name FROM pragma_table_info('safes')");
  const found = names.find((name) => names.includes(`${name}_x`) && !name.endsWith('_x'));
  assert.ok(found, names.join());
  return found;
}
const sealedBy = (server, table, number) => Number(rows(server, `SELECT count(*) FROM ${table} WHERE ${column(server)} LIKE '1.${number}.%'`)[0]);

async function until(what, holds) {
  for (const end = Date.now() + 120000; Date.now() < end; await sleep(100)) if (await holds()) return;
  assert.fail(what);
}

export const tests = [
  {
    name: 'a new key: read at once, sealed anew with its past, the former key goes; a lost key is told by the doctor',
    async run() {
      await withSafes(30, async ({ server, admin, ids }) => {
        expect(await admin.patch(`/safes/${ids[0]}`, { token: 'second' }), 200);
        expect(await admin.delete(`/safes/${ids[1]}`), 204);
        const before = readFileSync(join(server.dir, 'key'), 'utf8');
        const early = command(server, 'keys', 'rotate');
        assert.equal(early.status, 1, 'not while a server runs');
        await server.stop();
        assert.equal(command(server, 'keys', 'turn').status, 2);
        const turned = command(server, 'keys', 'rotate');
        assert.equal(turned.status, 0, turned.text);
        assert.match(turned.text, /data key 2 seals/);
        const key = readFileSync(join(server.dir, 'key'), 'utf8');
        assert.notEqual(key, before);
        assert.equal(statSync(join(server.dir, 'key')).mode & 0o777, 0o600);
        const kept = readdirSync(server.dir).find((name) => name.startsWith('key.before-'));
        assert.equal(readFileSync(join(server.dir, kept), 'utf8'), before, 'backups of before need it');
        assert.ok(!readdirSync(server.dir).includes('key.new'));
        await server.start();
        assert.deepEqual(await holding(admin, 'second'), [ids[0]], 'found while it is sealed anew');
        await until('the former key goes', () => rows(server, 'SELECT number FROM gx_data_key').join() === '2');
        for (const table of ['safes', 'safes_h']) assert.equal(sealedBy(server, table, 1), 0, table);
        assert.equal(sealedBy(server, 'safes', 2), 29);
        assert.ok(sealedBy(server, 'safes_h', 2) >= 2);
        assert.deepEqual(await holding(admin, 'word 7'), [ids[7]]);
        expect(await admin.post(`/safes/${ids[1]}/restore`, {}), 200);
        assert.deepEqual(await holding(admin, 'word 1'), [ids[1]], 'out of the bin, with its index');
        assert.deepEqual(rows(server, "SELECT value FROM gx_setting WHERE name = 'push.key'").map((v) => v.slice(0, 4)), ['1.2.']);
        const doctor = async () => (await waitForJob(admin, await admin.post('/doctor', {}))).result.problems.filter((p) => p.check === 'secret');
        assert.deepEqual(await doctor(), []);
        await server.stop();
        copyFileSync(join(server.dir, 'key'), join(server.dir, 'aside'));
        copyFileSync(join(server.dir, kept), join(server.dir, 'key'));
        await server.start();
        const [told] = await doctor();
        assert.match(told?.what ?? '', /^token: 3\d values sealed with a key that is not at hand$/);
        await server.stop();
        const lost = command(server, 'keys', 'rotate');
        assert.equal(lost.status, 1, lost.text);
        renameSync(join(server.dir, 'aside'), join(server.dir, 'key'));
        await server.start();
        assert.deepEqual(await holding(admin, 'second'), [ids[0]]);
        assert.deepEqual(await doctor(), []);
      });
    },
  },
  {
    name: 'cut off between database and file, and killed while values are sealed anew, nothing is lost',
    async run() {
      await withSafes(1200, async ({ server, admin, ids }) => {
        await server.stop();
        const old = readFileSync(join(server.dir, 'key'), 'utf8');
        assert.equal(command(server, 'keys', 'rotate').status, 0);
        const kept = readdirSync(server.dir).find((name) => name.startsWith('key.before-'));
        renameSync(join(server.dir, 'key'), join(server.dir, 'key.new')); // as it is before the file takes its place
        renameSync(join(server.dir, kept), join(server.dir, 'key'));
        assert.equal(readFileSync(join(server.dir, 'key'), 'utf8'), old);
        await server.start();
        assert.deepEqual(await holding(admin, 'word 3'), [ids[3]]);
        assert.ok(!readdirSync(server.dir).includes('key.new'));
        for (let i = 0; i < 3; i++) {
          await until('some are sealed anew', () => sealedBy(server, 'safes', 2) >= Math.min(1200, 200 * (i + 1)));
          await server.kill();
          await server.start();
        }
        await until('the former key goes', () => rows(server, 'SELECT number FROM gx_data_key').join() === '2');
        assert.equal(sealedBy(server, 'safes', 2), 1200);
        for (const i of [0, 199, 200, 611, 1199]) assert.deepEqual(await holding(admin, `word ${i}`), [ids[i]]);
      });
    },
  },
];
