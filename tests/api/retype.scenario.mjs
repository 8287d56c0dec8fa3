// SPDX-License-Identifier: Apache-2.0
// Changes of type: what would fit, what becomes of each value, and that nobody who writes meanwhile loses anything.
import { Server } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, unique, uploadFile, waitForJob } from './lib.mjs';

const word = (s) => unique(s).replace('-', '_');
const label = (zh, en) => ({ 'zh-CN': zh, en });
const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });

const ended = async (client, answer) => {
  expect(answer, 202);
  return waitForJob(client, answer);
};

async function makeObject(admin, fields, more = {}) {
  const object = word('kind');
  const plural = `${object}s`;
  expect(await admin.post('/meta/objects', { object, plural, fields: [{ name: 'name', type: 'text' }, ...fields], ...more }), 201);
  return { object, plural, path: `/meta/objects/${object}` };
}

const choices = [{ value: 'red', label: label('红', 'Red') }, { value: 'blue', label: label('蓝', 'Blue') }];

// from, to, values → what they become; undefined: does not fit.
const PAIRS = [
  [{ type: 'text' }, { type: 'integer' }, ['12', ' 1,234 ', 'x', '1.5'], [12, 1234, undefined, undefined]],
  [{ type: 'text' }, { type: 'decimal', scale: 2 }, ['1.25', '3', 'abc'], ['1.25', '3.00', undefined]],
  [{ type: 'text' }, { type: 'money', scale: 2 }, ['12.50'], [{ value: '12.50', currency: 'CNY' }]],
  [{ type: 'text' }, { type: 'date' }, ['2026-03-01', '2026年3月2日', 'soon'], ['2026-03-01', '2026-03-02', undefined]],
  [{ type: 'text' }, { type: 'boolean' }, ['是', 'no', 'perhaps'], [true, false, undefined]],
  [{ type: 'text' }, { type: 'choice', choices }, ['red', '蓝', 'Blue', 'green'], ['red', 'blue', 'blue', undefined]],
  [{ type: 'text' }, { type: 'long_text' }, ['一'], ['一']],
  [{ type: 'text' }, { type: 'email' }, ['a@b.cn', 'nobody'], ['a@b.cn', undefined]],
  [{ type: 'integer' }, { type: 'text' }, [12, -3], ['12', '-3']],
  [{ type: 'integer' }, { type: 'decimal', scale: 3 }, [7], ['7.000']],
  [{ type: 'integer' }, { type: 'boolean' }, [1, 0, 7], [true, false, undefined]],
  [{ type: 'decimal', scale: 2 }, { type: 'integer' }, ['5.00', '5.50'], [5, undefined]],
  [{ type: 'decimal', scale: 3 }, { type: 'decimal', scale: 1 }, ['5.500', '5.525'], ['5.5', undefined]],
  [{ type: 'money', scale: 2 }, { type: 'decimal', scale: 2 }, ['9.90', { value: '9.90', currency: 'USD' }], ['9.90', undefined]],
  [{ type: 'money', scale: 2 }, { type: 'money', scale: 4 }, ['9.90'], [{ value: '9.9000', currency: 'CNY' }]],
  [{ type: 'boolean' }, { type: 'integer' }, [true, false], [1, 0]],
  [{ type: 'date' }, { type: 'datetime' }, ['2026-03-01'], ['2026-02-28T16:00:00.000Z']],
  [{ type: 'datetime' }, { type: 'date' }, ['2026-02-28T16:30:00Z', '2026-03-01T15:59:00Z'], ['2026-03-01', '2026-03-01']],
  [{ type: 'date' }, { type: 'text' }, ['2026-03-01'], ['2026-03-01']],
  [{ type: 'choice', choices }, { type: 'text' }, ['red'], ['红']],
  [{ type: 'choice', choices: [...choices, { value: 'agriculture', label: label('零售', 'Retail') }] }, { type: 'choice', list: 'industry' }, ['red', 'agriculture'], [undefined, 'agriculture']],
  [{ type: 'text' }, { type: 'tags' }, ['b; a', '甲、乙', 'x'.repeat(50)], [['a', 'b'], ['乙', '甲'], undefined]],
  [{ type: 'text' }, { type: 'choices', choices }, ['red|Blue', '蓝', 'red;green'], [['blue', 'red'], ['blue'], undefined]],
  [{ type: 'tags' }, { type: 'text' }, [['b', 'a'], ['c']], ['a;b', 'c']],
  [{ type: 'tags' }, { type: 'choices', choices }, [['red', '蓝'], ['pink']], [['blue', 'red'], undefined]],
  [{ type: 'tags' }, { type: 'choice', choices }, [['red'], ['red', 'blue']], ['red', undefined]],
  [{ type: 'choices', choices }, { type: 'tags' }, [['red', 'blue']], [['红', '蓝']]],
  [{ type: 'choices', choices }, { type: 'choice' }, [['red'], ['red', 'blue']], ['red', undefined]],
  [{ type: 'choices', choices }, { type: 'text' }, [['red', 'blue']], ['蓝;红']],
  [{ type: 'choices', choices: [...choices, { value: 'agriculture', label: label('零售', 'Retail') }] }, { type: 'choices', list: 'industry' }, [['agriculture'], ['red']], [['agriculture'], undefined]],
  [{ type: 'choice', choices }, { type: 'choices' }, ['red'], [['red']]],
  [{ type: 'choice', choices }, { type: 'tags' }, ['red'], [['红']]],
  [{ type: 'text' }, { type: 'rich_text' }, ['a & b'], ['<p>a &amp; b</p>']],
  [{ type: 'long_text' }, { type: 'json' }, ['{"b":1,"a":[2]}', '{'], [{ a: [2], b: 1 }, undefined]],
  [{ type: 'json' }, { type: 'text' }, [{ b: 1, a: 2 }], ['{"a":2,"b":1}']],
  [{ type: 'text' }, { type: 'geo' }, ['30.2741,120.1551', '91,0', 'here'], [{ lat: 30.2741, lng: 120.1551 }, undefined, undefined]],
  [{ type: 'geo' }, { type: 'text' }, [{ lat: 30.2741, lng: 120.1551 }], ['30.2741000,120.1551000']],
  [{ type: 'text' }, { type: 'address' }, ['浙江省杭州市西湖区文三路 90 号'], [{ country: null, province: 'zhejiang', city: 'hangzhou', district: '西湖区', street: '文三路 90 号', postcode: null }]],
  [{ type: 'address' }, { type: 'long_text' }, [{ province: 'zhejiang', city: 'hangzhou', street: '文三路 90 号' }], ['浙江杭州文三路 90 号']],
];

// what changes that need more than values are made of: link kinds
const linkKinds = async (admin, to) => {
  const a = await create(admin, 'accounts', { name: unique('linkA') });
  const b = await create(admin, 'accounts', { name: unique('linkB') });
  const { object, plural, path } = await makeObject(admin, [{ name: 'v', type: 'link', to: 'account', inverse: word('back') }]);
  const row = await create(admin, plural, { name: 'n', v: a.id });
  const job = await ended(admin, await admin.patch(`${path}/fields/v`, to));
  assert.equal(job.status, 'done', JSON.stringify(job));
  assert.equal(job.result.converted, 1);
  return { a, b, object, plural, path, row };
};
const get = async (admin, plural, row, query = '') => expect(await admin.get(`/${plural}/${row.id}${query}`), 200);
const idsIn = async (admin, plural, filter) => expect(await admin.get(`/${plural}?filter=${encodeURIComponent(filter)}`), 200).items.map((i) => i.id);

export const tests = [
  {
    name: 'each pair of types: the dry run says what the change then does',
    async run(server) {
      const admin = by(server);
      for (const [from, to, values, wanted] of PAIRS) {
        const pair = `${from.type} → ${JSON.stringify(to)}`;
        const { plural, path } = await makeObject(admin, [{ name: 'v', ...from }]);
        const rows = [];
        const expected = [];
        for (const [i, v] of values.entries()) {
          const made = await admin.post(`/${plural}`, { name: `n${i}`, v });
          if (made.status !== 201 && typeof v === 'object') continue; // no rate of that currency here
          rows.push(expect(made, 201));
          expected.push(wanted[i]);
        }
        const empty = await create(admin, plural, { name: 'empty' });
        const none = ['tags', 'choices'].includes(to.type) ? [] : null;
        const fits = expected.filter((v) => v !== undefined).length;
        const dry = await ended(admin, await admin.patch(`${path}/fields/v`, { ...to, dry_run: true }));
        assert.equal(dry.status, 'done', `${pair}: ${JSON.stringify(dry)}`);
        assert.deepEqual([dry.result.converted, dry.result.misfits.length, dry.result.dry_run], [fits, expected.length - fits, true], pair);
        assert.equal(expect(await admin.get(`${path}/fields/v`), 200).type, from.type);
        const job = await ended(admin, await admin.patch(`${path}/fields/v`, to));
        assert.equal(job.status, 'done', `${pair}: ${JSON.stringify(job)}`);
        assert.deepEqual(job.result.misfits, dry.result.misfits, pair);
        assert.equal(job.result.converted, fits, pair);
        for (const [i, row] of rows.entries()) {
          const now = expect(await admin.get(`/${plural}/${row.id}`), 200);
          assert.deepEqual(now.v, expected[i] ?? none, `${pair}: ${JSON.stringify(values[i])}`);
          assert.equal(now.version, row.version, 'a change of type is no change of the record');
        }
        assert.deepEqual(expect(await admin.get(`/${plural}/${empty.id}`), 200).v, none);
        const misfits = expect(await admin.get(`${path}/fields/v/misfits`), 200).items.map((m) => m.id);
        assert.deepEqual(misfits, rows.filter((_, i) => expected[i] === undefined).map((r) => r.id), pair);
      }
    },
  },
  {
    name: 'text becomes a link by code or title, and a link becomes its title',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('linked') });
      const { plural, path } = await makeObject(admin, [{ name: 'v', type: 'text' }]);
      const row = await create(admin, plural, { name: 'n', v: a.name });
      const none = await create(admin, plural, { name: 'm', v: 'nobody' });
      const job = await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'link', to: 'account', inverse: word('back') }));
      assert.equal(job.status, 'done', JSON.stringify(job));
      assert.deepEqual(job.result.misfits, [{ id: none.id, value: 'nobody' }]);
      assert.deepEqual(expect(await admin.get(`/${plural}/${row.id}`), 200).v, { id: a.id, title: a.name });
      expect(await admin.patch(`/${plural}/${row.id}`, { name: 'touched' }), 200);
      const back = await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'text' }));
      assert.equal(back.status, 'done', JSON.stringify(back));
      assert.equal(expect(await admin.get(`/${plural}/${row.id}`), 200).v, a.name);
      // what did not fit, and was not touched since, is there again
      assert.equal(expect(await admin.get(`/${plural}/${none.id}`), 200).v, 'nobody');
    },
  },
  {
    name: 'a link becomes links, links one link, and a link to any object, with the index of each',
    async run(server) {
      const admin = by(server);
      const { a, b, plural, path, row } = await linkKinds(admin, { type: 'links' });
      assert.deepEqual((await get(admin, plural, row)).v, [{ id: a.id, title: a.name }]);
      const two = await create(admin, plural, { name: 'two', v: [a.id, b.id] });
      assert.deepEqual((await idsIn(admin, plural, `"${a.id}" in v`)).sort(), [row.id, two.id].sort());
      const text = await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'text', dry_run: true }));
      assert.deepEqual([text.result.converted, text.result.misfit_count], [2, 0]);
      const one = await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'link' }));
      assert.equal(one.status, 'done', JSON.stringify(one));
      assert.deepEqual([one.result.converted, one.result.misfits.map((m) => m.id)], [1, [two.id]]);
      assert.deepEqual((await get(admin, plural, row)).v, { id: a.id, title: a.name });
      const any = await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'any_link' }));
      assert.equal(any.status, 'done', JSON.stringify(any));
      assert.deepEqual((await get(admin, plural, row)).v, { object: 'account', id: a.id, title: a.name });
      const back = await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'link' }));
      assert.equal(back.status, 'done', JSON.stringify(back));
      assert.deepEqual((await get(admin, plural, row)).v, { id: a.id, title: a.name });
    },
  },
  {
    name: 'texts become links by title, each title of a list',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('甲') });
      const b = await create(admin, 'accounts', { name: unique('乙') });
      const { plural, path } = await makeObject(admin, [{ name: 'v', type: 'text' }]);
      const row = await create(admin, plural, { name: 'n', v: `${a.name}; ${b.name}` });
      const none = await create(admin, plural, { name: 'm', v: `${a.name}; nobody` });
      const job = await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'links', to: 'account', inverse: word('back') }));
      assert.equal(job.status, 'done', JSON.stringify(job));
      assert.deepEqual(job.result.misfits.map((m) => m.id), [none.id]);
      assert.deepEqual((await get(admin, plural, row)).v.map((v) => v.id).sort(), [a.id, b.id].sort());
      assert.deepEqual(await idsIn(admin, plural, `"${b.id}" in v`), [row.id]);
    },
  },
  {
    name: 'lists keep their index through writers, deletes and restores during and after the change',
    async run(server) {
      const admin = by(server);
      const { plural, path } = await makeObject(admin, [{ name: 'v', type: 'text' }]);
      const rows = [];
      for (let i = 0; i < 10; i++) {
        const batch = Array.from({ length: 100 }, () => ({ method: 'POST', path: `/${plural}`, body: { name: 'r', v: 'a;b' } }));
        rows.push(...expect(await admin.post('/batch', { requests: batch }), 200).items.map((r) => r.body));
      }
      const started = await admin.patch(`${path}/fields/v`, { type: 'tags' });
      expect(started, 202);
      const written = rows.slice(900, 920);
      for (const r of written) {
        const answer = await admin.patch(`/${plural}/${r.id}`, { v: 'b;c' });
        if (answer.status === 422) expect(await admin.patch(`/${plural}/${r.id}`, { v: ['b', 'c'] }), 200);
      }
      expect(await admin.delete(`/${plural}/${rows[930].id}`), 204);
      const job = await ended(admin, started);
      assert.equal(job.status, 'done', JSON.stringify(job));
      const count = async (tag) => expect(await admin.post(`/${plural}/aggregate`, { measures: ['count'], filter: `"${tag}" in v` }), 200).total.count;
      assert.deepEqual([await count('a'), await count('b'), await count('c')], [979, 999, 20]);
      expect(await admin.post(`/${plural}/${rows[930].id}/restore`), 200);
      assert.equal(await count('a'), 980);
      expect(await admin.delete(`${path}/fields/v`), 204);
      expect(await admin.delete(`/${plural}/${rows[931].id}`), 204);
      expect(await admin.post(`/${plural}/${rows[931].id}/restore`), 200);
      expect(await admin.delete(`/${plural}/${rows[932].id}`), 204);
      expect(await admin.post(`${path}/fields/v/restore`), 200);
      assert.deepEqual([await count('a'), await count('b')], [979, 999]);
    },
  },
  {
    name: 'one file becomes several and back; an image takes images only',
    async run(server) {
      const admin = by(server);
      const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
      const text = await uploadFile(server, server.key, 'a.txt', 'text/plain', 'plain');
      const image = await uploadFile(server, server.key, 'b.png', 'image/png', png);
      const { plural, path } = await makeObject(admin, [{ name: 'v', type: 'file' }]);
      const one = await create(admin, plural, { name: 'n', v: image.id });
      const two = await create(admin, plural, { name: 'm', v: text.id });
      const many = await ended(admin, await admin.patch(`${path}/fields/v`, { multiple: true }));
      assert.equal(many.status, 'done', JSON.stringify(many));
      assert.deepEqual((await get(admin, plural, one)).v.map((f) => f.id), [image.id]);
      const images = await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'image', multiple: false }));
      assert.equal(images.status, 'done', JSON.stringify(images));
      assert.deepEqual(images.result.misfits.map((m) => m.id), [two.id]);
      assert.equal((await get(admin, plural, one)).v.id, image.id);
    },
  },
  {
    name: 'a rule that would not understand the new type stops the change at once and is named',
    async run(server) {
      const admin = by(server);
      const { path } = await makeObject(admin, [{ name: 'v', type: 'choice', choices }], {
        rules: [{ name: 'red_only', check: 'v is null or v = "red"', message: label('只能红', 'Red only'), field: 'v' }],
      });
      const problem = expectProblem(await admin.patch(`${path}/fields/v`, { type: 'choices' }), 400, 'bad_expression');
      assert.match(problem.errors[0].field, /red_only\.check$/);
      assert.equal(problem.errors[0].at, 15);
    },
  },
  {
    name: 'what may not be changed is refused, with the reason',
    async run(server) {
      const admin = by(server);
      const { path } = await makeObject(admin, [{ name: 'v', type: 'boolean' }]);
      for (const body of [{ type: 'date' }, { type: 'links', to: 'account' }, { type: 'no_such' }]) {
        const problem = expectProblem(await admin.patch(`${path}/fields/v`, body), 422, 'validation');
        assert.equal(problem.errors[0].field, 'type');
      }
      const list = expectProblem(await admin.patch(`${path}/fields/v`, { type: 'choice', list: 'no_such' }), 422, 'validation');
      assert.equal(list.errors[0].field, 'list');
      expectProblem(await admin.patch('/meta/objects/account/fields/phone', { type: 'text' }), 422, 'validation');
      for (const inner of ['generation', 'former', 'retype']) {
        expectProblem(await admin.post(`${path}/fields`, { name: word('f'), type: 'text', [inner]: 1 }), 422, 'validation');
      }
    },
  },
  {
    name: 'history tells each value in the type of its time; a deleted record comes back with the present one',
    async run(server) {
      const admin = by(server);
      const { plural, path } = await makeObject(admin, [{ name: 'v', type: 'text' }, { name: 'w', type: 'text' }]);
      const row = await create(admin, plural, { name: 'n', v: '1' });
      expect(await admin.patch(`/${plural}/${row.id}`, { v: '2' }), 200);
      const gone = await create(admin, plural, { name: 'g', v: '5' });
      const misfit = await create(admin, plural, { name: 'm', v: 'abc' });
      expect(await admin.delete(`/${plural}/${gone.id}`), 204);
      assert.equal((await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'integer' }))).status, 'done');
      expect(await admin.patch(`/${plural}/${row.id}`, { w: 'other' }), 200);
      expect(await admin.patch(`/${plural}/${row.id}`, { v: 3 }), 200);
      expect(await admin.patch(`/${plural}/${misfit.id}`, { w: 'other' }), 200);
      const told = async (id) => expect(await admin.get(`/${plural}/${id}/history`), 200).items
        .map((i) => i.changes.find((c) => c.field === 'v')).map((c) => c && [c.old_type ?? null, c.old, c.new_type ?? null, c.new]);
      assert.deepEqual(await told(row.id), [[null, 2, null, 3], undefined, ['text', '1', 'text', '2'], [null, null, 'text', '1']]);
      assert.deepEqual(await told(misfit.id), [undefined, [null, null, 'text', 'abc']]);
      assert.equal((await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'money', scale: 2 }))).status, 'done');
      expect(await admin.patch(`/${plural}/${row.id}`, { v: '4' }), 200);
      const money = (value) => ({ value, currency: 'CNY' });
      assert.deepEqual(await told(row.id), [['integer', 3, null, money('4.00')], ['integer', 2, 'integer', 3], undefined, ['text', '1', 'text', '2'], [null, null, 'text', '1']]);
      expect(await admin.post(`/${plural}/${gone.id}/restore`), 200);
      assert.deepEqual(expect(await admin.get(`/${plural}/${gone.id}`), 200).v, money('5.00'));
      assert.deepEqual(await idsIn(admin, plural, 'v > 4'), [gone.id]);
    },
  },
  {
    name: 'lists and records as of a time show what the field held then, in the type it had',
    async run(server) {
      const admin = by(server);
      const { plural, path } = await makeObject(admin, [{ name: 'v', type: 'text' }]);
      const stays = await create(admin, plural, { name: 'a', v: '7' });
      const moves = await create(admin, plural, { name: 'b', v: 'abc' });
      await sleep(5);
      const then = new Date().toISOString();
      await sleep(5);
      assert.equal((await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'integer' }))).status, 'done');
      expect(await admin.patch(`/${plural}/${moves.id}`, { v: 9 }), 200);
      const list = async (query) => expect(await admin.get(`/${plural}?sort=name${query}`), 200).items.map((i) => i.v);
      assert.deepEqual(await list(''), [7, 9]);
      assert.deepEqual(await list(`&as_of=${then}`), ['7', 'abc']);
      assert.deepEqual(await list(`&as_of=${then}&fields=name,v&filter=${encodeURIComponent('v = 7')}`), ['7']);
      assert.equal((await get(admin, plural, moves, `?as_of=${then}`)).v, 'abc');
      const field = expect(await admin.get(`${path}/fields/v`), 200);
      assert.deepEqual(field.former.map((f) => f.type), ['text']);
      assert.ok(field.former[0].until > then);
      assert.equal((await get(admin, plural, stays)).v, 7);
    },
  },
  {
    name: 'writers during the copy lose nothing',
    async run(server) {
      const admin = by(server);
      const { plural, path } = await makeObject(admin, [{ name: 'v', type: 'text' }]);
      const rows = [];
      for (let i = 0; i < 30; i++) {
        const batch = Array.from({ length: 100 }, (_, k) => ({ method: 'POST', path: `/${plural}`, body: { name: `r${i}`, v: `${i * 100 + k}` } }));
        rows.push(...expect(await admin.post('/batch', { requests: batch }), 200).items.map((r) => r.body));
      }
      const truth = new Map(rows.map((r) => [r.id, Number(r.v)]));
      let running = true;
      let serial = 1e6;
      const refused = [];
      const writer = async (n) => {
        while (running) {
          const value = serial++;
          const isNew = value % 3 === 0;
          const id = rows[(value * 7919 + n) % rows.length].id;
          const send = (v) => (isNew ? admin.post(`/${plural}`, { name: 'new', v }) : admin.patch(`/${plural}/${id}`, { v }));
          let answer = await send(`${value}`);
          if (answer.status === 422) answer = await send(value); // the type has changed: a number now
          if (answer.status === 200 || answer.status === 201) truth.set(answer.body.id, Math.max(value, isNew ? 0 : truth.get(answer.body.id) ?? 0));
          else refused.push(answer.status);
        }
      };
      const writers = [0, 1, 2].map(writer);
      const job = await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'integer' }));
      await sleep(200);
      running = false;
      await Promise.all(writers);
      assert.equal(job.status, 'done', JSON.stringify(job));
      assert.equal(job.result.misfits.length, 0);
      assert.ok(refused.every((status) => status === 409 || status === 503), `${refused}`);
      for (const [id, value] of truth) {
        const now = expect(await admin.get(`/${plural}/${id}?fields=v`), 200).v;
        assert.equal(typeof now, 'number', `${id} has ${now}`);
        // two writers of one record may have been told in another order than they were applied
        assert.ok(now === value || now >= 1e6, `${id}: ${now}, not ${value}`);
      }
      const sum = expect(await admin.post(`/${plural}/aggregate`, { measures: ['count'] }), 200);
      assert.equal(sum.total.count, truth.size);
    },
  },
  {
    name: 'a change of type that is cancelled or given up leaves the field as it was',
    async run(server) {
      const admin = by(server);
      const { object, plural, path } = await makeObject(admin, [{ name: 'v', type: 'text' }]);
      for (let i = 0; i < 20; i++) {
        const batch = Array.from({ length: 100 }, (_, k) => ({ method: 'POST', path: `/${plural}`, body: { name: 'r', v: `${k}` } }));
        expect(await admin.post('/batch', { requests: batch }), 200);
      }
      const started = await admin.patch(`${path}/fields/v`, { type: 'integer' });
      expect(started, 202);
      const field = expect(await admin.get(`${path}/fields/v`), 200);
      if (field.retype) {
        assert.deepEqual(field.retype, { type: 'integer', job: started.body.id });
        expectProblem(await admin.patch(`${path}/fields/v`, { type: 'decimal' }), 409, 'conflict');
        await admin.delete(`${path}/fields/v/retype`);
      }
      const job = await ended(admin, started);
      const now = expect(await admin.get(`${path}/fields/v`), 200);
      assert.equal(now.type, job.status === 'done' ? 'integer' : 'text');
      assert.equal(now.retype, undefined);
      const log = expect(await admin.get(`/meta/changes?object=${object}`), 200).items.map((i) => i.action);
      assert.ok(log.includes('field.retype_start') && (log.includes('field.retype_abandon') || log.includes('field.retype')));
      expect(await admin.post(`/${plural}`, { name: 'after', v: now.type === 'integer' ? 1 : 'text' }), 201);
      const again = await ended(admin, await admin.patch(`${path}/fields/v`, now.type === 'integer' ? { type: 'text' } : { type: 'integer' }));
      assert.equal(again.status, 'done', JSON.stringify(again));
    },
  },
  {
    name: 'kill -9 in the middle of the copy: it goes on afterwards and loses nothing',
    async run() {
      const server = await Server.create();
      try {
        const admin = by(server);
        const { plural, path } = await makeObject(admin, [{ name: 'v', type: 'text' }]);
        for (let i = 0; i < 80; i++) {
          const batch = Array.from({ length: 100 }, (_, k) => ({ method: 'POST', path: `/${plural}`, body: { name: 'r', v: k === 50 ? 'no number' : `${i * 100 + k}` } }));
          expect(await admin.post('/batch', { requests: batch }), 200);
        }
        const started = await admin.patch(`${path}/fields/v`, { type: 'integer' });
        expect(started, 202);
        let killed = 0;
        for (let n = 0; n < 3; n++) {
          await sleep(15);
          const job = expect(await admin.get(started.headers.location), 200);
          if (job.status === 'done') break;
          await server.kill();
          killed++;
          await server.start();
        }
        assert.ok(killed > 0, 'the copy was over before it could be killed');
        const job = await ended(admin, started);
        assert.equal(job.status, 'done', JSON.stringify(job));
        assert.equal(job.result.misfit_count, 80);
        assert.equal(expect(await admin.get(`${path}/fields/v`), 200).type, 'integer');
        const sum = expect(await admin.post(`/${plural}/aggregate`, { measures: ['count', { sum: 'v' }] }), 200).total;
        const wanted = Array.from({ length: 8000 }, (_, i) => (i % 100 === 50 ? 0 : i)).reduce((a, b) => a + b, 0);
        assert.deepEqual([sum.count, Number(sum.sum_v)], [8000, wanted]);
      } finally {
        await server.remove();
      }
    },
  },
];
