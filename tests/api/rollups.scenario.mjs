// SPDX-License-Identifier: Apache-2.0
// Rollups: figures over children, links and links to any object, equal to the same expression computed on
// the spot, whatever is done to the records; shown, filtered, sorted, grouped; hidden with what they read.
import { assert, by, create, expect, expectProblem, makeUser, unique, upload, waitForJob, walk } from './lib.mjs';

const q = encodeURIComponent;
const random = (seed) => () => { seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff; return seed / 0x7fffffff; };

// Each rollup has a formula of the same text beside it: what it must be.
const FIGURES = {
  n: ['count(trip_stops)', 'integer'],
  n_done: ['count(trip_stops, done)', 'integer'],
  cost: ['sum(trip_stops, price, done)', 'money'],
  far: ['max(trip_stops, km)', 'decimal'],
  near: ['min(trip_stops, km, not done)', 'decimal'],
  mean: ['avg(trip_stops, km)', 'decimal'],
  first: ['min(trip_stops, day)', 'date'],
  adult: ['count(riders, grown)', 'integer'],
  ages: ['sum(riders, age)', 'integer'],
  heavy: ['count(trip_notes, weight >= 2)', 'integer'],
  double: ['sum(trip_stops, km_twice)', 'decimal'],
};
const figures = Object.entries(FIGURES).flatMap(([name, [of, result]]) => [
  { name, type: 'rollup', of, ...(result === 'decimal' ? { scale: 2 } : {}) },
  { name: `${name}_now`, type: 'formula', of, result, ...(result === 'decimal' || result === 'money' ? { scale: 2 } : {}) },
]);
const objects = [
  { object: 'rider', plural: 'riders', title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'age', type: 'integer' }, { name: 'grown', type: 'boolean' }] },
  { object: 'trip', plural: 'trips', title: 'name', traits: ['owned'], fields: [{ name: 'name', type: 'text' }, { name: 'riders', type: 'links', to: 'rider', inverse: 'trips' }] },
  { object: 'trip_stop', plural: 'trip_stops', title: 'id', traits: ['line'], fields: [
    { name: 'trip', type: 'link', to: 'trip', required: true }, { name: 'done', type: 'boolean' }, { name: 'price', type: 'money', scale: 2 },
    { name: 'km', type: 'decimal', scale: 2 }, { name: 'day', type: 'date' }, { name: 'km_twice', type: 'formula', of: 'km * 2', result: 'decimal', scale: 2 }] },
  { object: 'trip_note', plural: 'trip_notes', title: 'id', fields: [{ name: 'about', type: 'any_link', to: ['trip', 'rider'], on_delete: 'cascade' }, { name: 'weight', type: 'integer' }] },
];
async function ready(server) {
  const admin = by(server);
  if ((await admin.get('/meta/objects/trip')).status === 200) return admin;
  for (const object of objects) expect(await admin.post('/meta/objects', object), 201);
  for (const field of figures) expect(await admin.post('/meta/objects/trip/fields', field), 201);
  return admin;
}
// Every trip's rollups against the formulas.
async function agree(admin, why) {
  const trips = await walk(admin, '/trips', 200);
  for (const trip of trips)
    for (const name of Object.keys(FIGURES)) assert.deepEqual(trip[name], trip[`${name}_now`], `${why}: ${name} of ${trip.name}`);
  return trips;
}
const filled = async (admin, path, field, wanted, seconds = 20) => {
  for (let i = 0; i < seconds * 10; i++) {
    const row = expect(await admin.get(path), 200);
    if (row[field] !== null) return assert.deepEqual(row[field], wanted);
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`${field} stays null`);
};

export const tests = [
  {
    name: 'random work leaves every rollup equal to its expression',
    async run(server) {
      const admin = await ready(server);
      const seed = Number(process.env.GUANXI_SEED ?? 7);
      const next = random(seed), pick = (list) => list[Math.floor(next() * list.length)];
      const riders = [], trips = [], stops = [], notes = [], gone = [];
      const seen = new Set(); // figures that were something at one time: at the end all grown riders may be gone
      const check = async (why) => {
        const all = await agree(admin, why);
        for (const name of Object.keys(FIGURES)) if (all.some((t) => t[name])) seen.add(name);
        return all;
      };
      const stop = () => ({ done: pick([true, false, null]), price: pick([null, '1.25', '-3', '1000000.01']), km: pick([null, '0', '12.34', '7']), day: pick([null, '2026-01-02', '2025-12-31']) });
      const acts = [
        async () => riders.push((await create(admin, 'riders', { name: unique('r'), age: Math.floor(next() * 90), grown: pick([true, false]) })).id),
        async () => trips.push((await create(admin, 'trips', { name: unique('t'), riders: [...new Set([pick(riders), pick(riders)])].filter(Boolean) })).id),
        async () => stops.push((await create(admin, 'trip_stops', { trip: pick(trips), ...stop() })).id),
        async () => stops.push((await create(admin, 'trip_stops', { trip: pick(trips), ...stop() })).id),
        async () => notes.push((await create(admin, 'trip_notes', { about: { object: 'trip', id: pick(trips) }, weight: Math.floor(next() * 4) })).id),
        async () => expect(await admin.patch(`/trip_stops/${pick(stops)}`, next() < 0.4 ? { trip: pick(trips) } : stop()), 200),
        async () => expect(await admin.patch(`/riders/${pick(riders)}`, { grown: pick([true, false]), age: Math.floor(next() * 90) }), 200),
        async () => expect(await admin.patch(`/trips/${pick(trips)}`, { riders: next() < 0.5 ? { add: [pick(riders)] } : { remove: [pick(riders)] } }), 200),
        async () => expect(await admin.patch(`/trip_notes/${pick(notes)}`, { about: { object: 'trip', id: pick(trips) }, weight: Math.floor(next() * 4) }), 200),
        async () => { const id = pick(stops); expect(await admin.delete(`/trip_stops/${id}`), 204); stops.splice(stops.indexOf(id), 1); gone.push(`/trip_stops/${id}`); },
        async () => { if (riders.length > 3) { const id = pick(riders); expect(await admin.delete(`/riders/${id}`), 204); riders.splice(riders.indexOf(id), 1); } },
        async () => { const path = gone.pop(); if (path && (await admin.post(`${path}/restore`, {})).status === 200) stops.push(path.split('/')[2]); },
        async () => expect(await admin.post('/batch', { requests: [
          { method: 'POST', path: '/trip_stops', body: { trip: trips[0], ...stop() } }, { method: 'POST', path: '/trip_stops', body: { trip: pick(trips), ...stop() } }] }), 200),
      ];
      for (let i = 0; i < 3; i++) for (const act of acts.slice(0, 5)) await act();
      const rounds = Number(process.env.GUANXI_ROUNDS ?? 150);
      for (let i = 0; i < rounds; i++) {
        if (!stops.length || !trips.length || !riders.length) await acts[i % 3]();
        else await pick(acts)();
        if (i % 30 === 29) await check(`seed ${seed}, round ${i}`);
      }
      await create(admin, 'trip_stops', { trip: trips[0], ...stop() });
      const all = await check(`seed ${seed}, end`);
      assert.deepEqual(Object.keys(FIGURES).filter((name) => !seen.has(name)), [], 'each figure was something at one time');
      const one = trips.find((id) => all.find((t) => t.id === id).n > 0);
      expect(await admin.delete(`/trips/${one}`), 204);
      await agree(admin, 'a trip went with its stops');
      const back = expect(await admin.post(`/trips/${one}/restore`, {}), 200);
      for (const name of Object.keys(FIGURES)) assert.deepEqual(back[name], all.find((t) => t.id === one)[name], `${name} in the answer`);
      await agree(admin, 'and came back with them');
      assert.ok(expect(await admin.get(`/trips/${one}`), 200).n > 0);
    },
  },
  {
    name: 'imports, bulk changes and the undo of either leave every rollup equal to its expression; doctor agrees',
    async run(server) {
      const admin = await ready(server);
      const trips = [];
      for (let i = 0; i < 3; i++) trips.push(await create(admin, 'trips', { name: unique('batch'), trip_stops: [{ km: '1', price: '1', done: true }] }));
      await agree(admin, 'before');
      const rows = Array.from({ length: 250 }, (_, i) => `${trips[i % 3].name},${i % 2 ? 'true' : 'false'},${i}.25,${i % 7}`);
      const imported = await waitForJob(admin, await upload(server, server.key, '/trip_stops/import', ['trip,done,price,km', ...rows].join('\n'), 's.csv', {}));
      assert.equal(imported.result?.created, 250, JSON.stringify(imported));
      const after = await agree(admin, 'imported');
      assert.equal(after.find((t) => t.id === trips[0].id).n, 1 + 84);
      const bulk = async (plural, body) => {
        const job = await waitForJob(admin, await admin.post(`/${plural}/bulk`, body));
        assert.equal(job.status, 'done', JSON.stringify(job));
        return job;
      };
      const moved = await bulk('trip_stops', { filter: `trip.name = "${trips[0].name}"`, set: { trip: trips[1].id } });
      assert.equal((await agree(admin, 'moved')).find((t) => t.id === trips[0].id).n, 0);
      const dropped = await bulk('trip_stops', { filter: `trip.name = "${trips[2].name}" and km = 3`, delete: true });
      await agree(admin, 'deleted');
      const undo = async (job, why) => {
        const done = await waitForJob(admin, await admin.post(`/batches/${job.batch ?? job.result.batch}/undo`, {}));
        assert.equal(done.status, 'done', JSON.stringify(done));
        return agree(admin, why);
      };
      await undo(dropped, 'undone delete');
      assert.deepEqual(await undo(moved, 'undone move'), after);
      const again = await waitForJob(admin, await upload(server, server.key, '/trip_stops/import', ['trip,done,price,km', ...rows].join('\n'), 's.csv', {}));
      assert.equal((await agree(admin, 'imported again')).find((t) => t.id === trips[0].id).n, 1 + 84 * 2);
      assert.deepEqual(await undo(again, 'undone import'), after);
      assert.deepEqual(JSON.parse(server.command('doctor', '--json')).problems.filter((p) => p.check === 'rollup'), []);
    },
  },
  {
    name: 'many writers at once on few parents leave every rollup equal to its expression',
    async run(server) {
      const admin = await ready(server);
      const trips = [];
      for (let i = 0; i < 3; i++) trips.push((await create(admin, 'trips', { name: unique('busy') })).id);
      const next = random(3), pick = (list) => list[Math.floor(next() * list.length)];
      const body = () => ({ trip: pick(trips), done: pick([true, false]), price: `${Math.floor(next() * 1000)}.5`, km: `${Math.floor(next() * 9)}`, day: `2026-01-0${1 + Math.floor(next() * 9)}` });
      const writer = async () => {
        for (let i = 0; i < 12; i++) {
          const made = await create(admin, 'trip_stops', body());
          expect(await admin.patch(`/trip_stops/${made.id}`, body()), 200);
          if (i % 3 === 0) expect(await admin.delete(`/trip_stops/${made.id}`), 204);
        }
      };
      await Promise.all(Array.from({ length: 8 }, writer));
      const all = await agree(admin, 'many writers');
      assert.equal(all.filter((t) => trips.includes(t.id)).reduce((sum, t) => sum + t.n, 0), 64);
      assert.deepEqual(JSON.parse(server.command('doctor', '--json')).problems.filter((p) => p.check === 'rollup'), []);
    },
  },
  {
    name: 'rollups are filtered, sorted, grouped, added up and followed through a link',
    async run(server) {
      const admin = await ready(server);
      const name = unique('figures');
      const trips = [];
      for (let n = 0; n < 4; n++) {
        const trip = await create(admin, 'trips', { name: `${name}-${n}` });
        assert.equal(trip.n, 0);
        for (let i = 0; i < n; i++) await create(admin, 'trip_stops', { trip: trip.id, done: i > 0, price: '10.50', km: `${i + 1}` });
        trips.push(trip.id);
      }
      const list = (path) => admin.get(`/trips?${path}&filter=${q(`name starts "${name}"`)}`);
      assert.deepEqual(expect(await list('fields=n&sort=-n'), 200).items.map((t) => t.n), [3, 2, 1, 0]);
      assert.deepEqual(expect(await list('fields=cost&sort=cost'), 200).items.map((t) => t.cost?.value ?? null), ['10.50', '21.00', null, null]);
      const few = expect(await admin.get(`/trips?fields=n,far&filter=${q(`name starts "${name}" and n >= 2 and cost > 15`)}`), 200);
      assert.deepEqual(few.items.map((t) => [t.n, t.far]), [[3, '3.00']]);
      const sum = expect(await admin.post('/trips/aggregate', { group: ['n'], measures: ['count', { sum: 'n' }, { max: 'cost' }], filter: `name starts "${name}"`, sort: ['n'] }), 200);
      assert.deepEqual(sum.rows.map((r) => [r.n, r.count, r.sum_n]), [[0, 1, 0], [1, 1, 1], [2, 1, 2], [3, 1, 3]]);
      assert.equal(sum.total.sum_n, 6);
      const through = expect(await admin.get(`/trip_stops?fields=trip.n&filter=${q(`trip.n = 3 and trip.name = "${name}-3"`)}`), 200);
      assert.deepEqual(through.items.map((s) => s['trip.n']), [3, 3, 3]);
      const pages = await walk(admin, `/trips?sort=n&filter=${q(`name starts "${name}"`)}`, 3);
      assert.equal(pages.length, 4);
      const trip = expect(await admin.get(`/trips/${trips[3]}`), 200);
      assert.equal(trip.version, 1, 'a rollup is no version of its record');
      assert.equal(expect(await admin.get(`/trips/${trips[3]}/history`), 200).items.length, 1);
      const problem = expectProblem(await admin.patch(`/trips/${trips[3]}`, { n: 5 }), 422, 'validation');
      assert.equal(problem.errors[0].field, 'n');
    },
  },
  {
    name: 'declared over records that are there, a rollup is filled; with another text, again',
    async run(server) {
      const admin = await ready(server);
      const rider = await create(admin, 'riders', { name: unique('late') });
      const trip = await create(admin, 'trips', { name: unique('late'), riders: [rider.id] });
      await create(admin, 'trip_notes', { about: { object: 'rider', id: rider.id }, weight: 3 });
      const name = unique('r').replace('-', '_');
      expect(await admin.post('/meta/objects/rider/fields', { name, type: 'rollup', of: 'count(trips)' }), 201);
      await filled(admin, `/riders/${rider.id}`, name, 1);
      await create(admin, 'trips', { name: trip.name, riders: [rider.id] });
      assert.equal(expect(await admin.get(`/riders/${rider.id}`), 200)[name], 2);
      const other = `${name}_2`;
      expect(await admin.post('/meta/objects/rider/fields', { name: other, type: 'rollup', of: 'sum(trip_notes, weight)' }), 201);
      await filled(admin, `/riders/${rider.id}`, other, 3);
    },
  },
  {
    name: 'what a rollup cannot be is told at its character',
    async run(server) {
      const admin = await ready(server);
      for (const [of, at] of [
        ['1 + 1', 2], ['any(trip_stops, done)', 0], ['count(trip_stops) + 1', 18], ['count(trip_stops, day > today())', 24], ['count(trip_stops, trip.name = "x")', 18],
        ['max(riders, name)', 0], ['count(nothing)', 6], ['count(trip_stops, created_at is not null and created_at > now())', 56], ['count(trip_stops, created_by = me())', 31],
      ]) {
        const answer = await admin.post('/meta/objects/trip/fields', { name: 'wrong', type: 'rollup', of });
        assert.ok(answer.status === 422 || answer.status === 400, `${of}: ${answer.status}`);
        assert.equal(answer.body.errors[0].at, at, `${of}: ${answer.text}`);
      }
      for (const more of [{ required: true }, { unique: true }, { default: 1 }, { result: 'integer' }, { of: undefined }]) {
        expectProblem(await admin.post('/meta/objects/trip/fields', { name: 'wrong', type: 'rollup', of: 'count(trip_stops)', ...more }), 422, 'validation');
      }
    },
  },
  {
    name: 'a rollup over what one may not see is not there; else it is that of the whole organisation',
    async run(server) {
      const admin = await ready(server);
      const none = { trip: { read: 'all', create: true, update: 'all' } };
      const some = { ...none, trip_note: { read: 'own' }, rider: { read: 'all', fields: { age: 'hidden' } } };
      expect(await admin.put('/meta/access/presales', { role: 'presales', objects: none }), 200);
      expect(await admin.put('/meta/access/agent', { role: 'agent', objects: some }), 200);
      const trip = await create(admin, 'trips', { name: unique('rights'), riders: [(await create(admin, 'riders', { age: 3, grown: true })).id] });
      await create(admin, 'trip_notes', { about: { object: 'trip', id: trip.id }, weight: 2 });
      const blind = (await makeUser(server, ['presales'])).client, half = (await makeUser(server, ['agent'])).client;
      const seen = expect(await blind.get(`/trips/${trip.id}`), 200);
      assert.ok(!('n' in seen) && !('heavy' in seen) && !('adult' in seen), JSON.stringify(Object.keys(seen)));
      expectProblem(await blind.get(`/trips?filter=${q('heavy = 1')}`), 400, 'bad_expression');
      expectProblem(await blind.get('/trips?sort=heavy'), 400, 'bad_parameter');
      const more = expect(await half.get(`/trips/${trip.id}`), 200);
      assert.equal(more.heavy, 1, 'of the whole organisation, although the note is not theirs');
      assert.equal(more.adult, 1);
      assert.ok(!('ages' in more), 'it adds up a hidden field');
    },
  },
];
