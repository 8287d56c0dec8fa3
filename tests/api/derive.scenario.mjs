// SPDX-License-Identifier: Apache-2.0
// Title, search, uniqueness and required for records that are there: what stands in the way is told first, then a job makes it so.
import { Server } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, unique, waitForJob } from './lib.mjs';

const word = (s) => unique(s).replace('-', '_');
const q = encodeURIComponent;

async function makeObject(admin) {
  const object = word('derive');
  expect(await admin.post('/meta/objects', { object, plural: `${object}s`, title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'alias', type: 'text' }, { name: 'size', type: 'integer' }] }), 201);
  return { plural: `${object}s`, path: `/meta/objects/${object}` };
}
const ended = async (admin, answer) => {
  expect(answer, 202);
  const job = await waitForJob(admin, answer);
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job.result;
};
const names = async (admin, plural, query) => expect(await admin.get(`/${plural}?${query}`), 200).items.map((i) => i.name);
// Tokens of a new set of fields are built beside the old ones.
const follows = async (admin, plural, query, wanted) => {
  let found = [];
  for (let i = 0; i < 200; i++) {
    found = (await names(admin, plural, query)).sort();
    if (found.length === wanted.length) break;
    await new Promise((done) => { setTimeout(done, 50); });
  }
  assert.deepEqual(found, wanted);
};
const fill = async (admin, plural, n, body) => {
  for (let i = 0; i < n; i += 100) {
    const requests = Array.from({ length: Math.min(100, n - i) }, (_, k) => ({ method: 'POST', path: `/${plural}`, body: body(i + k) }));
    expect(await admin.post('/batch', { requests }), 200);
  }
};

export const tests = [
  {
    name: 'another title: lists sort by it, links show it, also records that were there',
    async run(server) {
      const admin = by(server);
      const { plural, path } = await makeObject(admin);
      for (const [name, alias] of [['1', '重庆'], ['2', '北京'], ['3', '安徽'], ['4', null]]) await create(admin, plural, { name, alias });
      const gone = await create(admin, plural, { name: '5', alias: '安庆' });
      expect(await admin.delete(`/${plural}/${gone.id}`), 204);
      const result = await ended(admin, await admin.patch(path, { title: 'alias' }));
      assert.deepEqual([result.changed, result.records, result.empty], [true, 4, 1]);
      assert.deepEqual(await names(admin, plural, 'sort=alias'), ['3', '2', '1', '4']); // by pinyin: an, bei, chong
      expect(await admin.post(`/${plural}/${gone.id}/restore`), 200);
      assert.deepEqual((await names(admin, plural, 'sort=alias')).slice(2), ['2', '1', '4']);
      await create(admin, plural, { name: '6', alias: '阿坝' });
      assert.equal((await names(admin, plural, 'sort=alias'))[0], '6');
    },
  },
  {
    name: 'a text becomes searched: its old values are found by pieces and by q; switched off, changed and on again as well',
    async run(server) {
      const admin = by(server);
      const { plural, path } = await makeObject(admin);
      await create(admin, plural, { name: 'a', alias: '杭州西湖' });
      const b = await create(admin, plural, { name: 'b', alias: '宁波' });
      await ended(admin, await admin.patch(`${path}/fields/alias`, { search: true }));
      assert.deepEqual(await names(admin, plural, `filter=${q('alias starts "杭州"')}`), ['a']);
      await follows(admin, plural, `filter=${q('alias ~ "西湖"')}`, ['a']);
      expect(await admin.patch(`${path}/fields/alias`, { search: false }), 200);
      expect(await admin.patch(`/${plural}/${b.id}`, { alias: '西湖边' }), 200);
      const again = await admin.patch(`${path}/fields/alias`, { search: true });
      if (again.status === 202) await ended(admin, again); else expect(again, 200);
      assert.deepEqual(await names(admin, plural, `filter=${q('alias starts "西湖"')}`), ['b']);
      await follows(admin, plural, `filter=${q('alias ~ "西湖"')}`, ['a', 'b']);
      await follows(admin, plural, `q=${q('西湖')}`, ['a', 'b']);
    },
  },
  {
    name: 'unique: the dry run and the job name the duplicates and change nothing; solved, the rule holds',
    async run(server) {
      const admin = by(server);
      const { plural, path } = await makeObject(admin);
      const one = await create(admin, plural, { name: 'one', alias: 'same' });
      const two = await create(admin, plural, { name: 'two', alias: 'same' });
      await create(admin, plural, { name: 'none' });
      const dry = await ended(admin, await admin.patch(`${path}/fields/alias`, { unique: true, required: true, dry_run: true }));
      assert.deepEqual([dry.dry_run, dry.changed, dry.records, dry.empty], [true, false, 3, 1]);
      assert.deepEqual(dry.duplicates, [{ count: 2, records: [{ id: one.id, title: 'one' }, { id: two.id, title: 'two' }] }]);
      const real = await ended(admin, await admin.patch(`${path}/fields/alias`, { unique: true }));
      assert.deepEqual([real.changed, real.duplicates], [false, dry.duplicates]);
      assert.ok(!expect(await admin.get(`${path}/fields/alias`), 200).unique);
      expect(await admin.patch(`/${plural}/${two.id}`, { alias: 'other' }), 200);
      const second = await admin.patch(`${path}/fields/alias`, { unique: true });
      if (second.status === 202) assert.equal((await ended(admin, second)).changed, true); else expect(second, 200);
      assert.equal(expect(await admin.get(`${path}/fields/alias`), 200).unique, true);
      const problem = await admin.post(`/${plural}`, { name: 'three', alias: 'same' });
      assert.ok([409, 422].includes(problem.status), problem.text);
      const size = await ended(admin, await admin.patch(`${path}/fields/size`, { required: true, dry_run: true }));
      assert.equal(size.empty, 3);
      expect(await admin.patch(`${path}/fields/size`, { required: true }), 200);
      expectProblem(await admin.post(`/${plural}`, { name: 'four' }), 422, 'validation');
    },
  },
  {
    name: 'kill -9 while the columns are filled: it goes on, and writers meanwhile are in it',
    async run() {
      const server = await Server.create();
      try {
        const admin = by(server);
        const { plural, path } = await makeObject(admin);
        await fill(admin, plural, 6000, (i) => ({ name: `n${i}`, alias: `甲${i}` }));
        const started = await admin.patch(`${path}/fields/alias`, { search: true });
        expect(started, 202);
        await server.kill();
        await server.start();
        await create(admin, plural, { name: 'late', alias: '甲late' });
        const job = await waitForJob(admin, started);
        assert.equal(job.status, 'done', JSON.stringify(job));
        const count = expect(await admin.get(`/${plural}?filter=${q('alias starts "甲"')}&count=exact&limit=1`), 200).count.value;
        assert.equal(count, 6001);
      } finally {
        await server.remove();
      }
    },
  },
];
