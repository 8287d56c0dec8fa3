// SPDX-License-Identifier: Apache-2.0
// Data quality: figures by field, each the count of its filter; rights; tasks for owners; one row a day.
import { assert, by, create, expect, expectProblem, makeUser, unique, waitForJob, walk } from './lib.mjs';

const sample = () => unique('care').replaceAll('-', '_').toLowerCase();
const count = async (client, plural, filter) => (await walk(client, `/${plural}?fields=id&filter=${encodeURIComponent(filter)}`, 200)).length;

async function measured(admin) {
  const job = await waitForJob(admin, await admin.post('/quality/measure', {}));
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job;
}

async function thing(admin) {
  const object = sample();
  expect(await admin.post('/meta/objects', { object, plural: `${object}s`, title: 'name', traits: ['owned'], fields: [
    { name: 'name', type: 'text', required: true }, { name: 'email', type: 'email' }, { name: 'size', type: 'integer' }, { name: 'kind', type: 'choice', choices: [{ value: 'a', label: { en: 'A', 'zh-CN': 'A' } }, { value: 'b', label: { en: 'B', 'zh-CN': 'B' } }] },
    { name: 'account', type: 'link', to: 'account', inverse: `${object}_of`, on_delete: 'clear' }, { name: 'double', type: 'formula', of: 'size * 2', result: 'integer' }] }), 201);
  return object;
}

export const tests = [
  {
    name: 'every figure is the count of the list that its filter opens; a second count of a day replaces the first',
    async run(server) {
      const admin = by(server);
      const object = await thing(admin);
      for (let i = 0; i < 7; i++) await create(admin, `${object}s`, { name: `n${i}`, size: i === 3 ? null : i, ...(i < 4 ? { email: `n${i}@example.com` } : {}) });
      await measured(admin);
      const before = expect(await admin.get(`/quality/${object}`), 200);
      assert.equal(before.trend.length, 1);
      const field = (q, name) => q.fields.find((f) => f.field === name);
      assert.deepEqual(before.fields.map((f) => f.field).sort(), ['account', 'email', 'kind', 'name', 'size']);
      assert.deepEqual([field(before, 'email').filled, field(before, 'size').filled, field(before, 'kind').filled, field(before, 'name').required], [4, 6, 0, true]);
      for (const f of before.fields) assert.equal(await count(admin, `${object}s`, f.empty_filter), before.trend[0].total - f.filled, f.field);
      assert.equal(await count(admin, `${object}s`, before.stale_filter), before.trend[0].stale);
      // a tighter field leaves what stands there wrong
      expect(await admin.patch(`/meta/objects/${object}/fields/size`, { max: 4 }), 200);
      expect(await admin.post(`/meta/objects/${object}/rules`, { name: 'small', check: 'size < 5', field: 'size', message: { en: 'too large', 'zh-CN': '过大' } }).then((a) => (a.status === 404 ? admin.patch(`/meta/objects/${object}`, { rules: [{ name: 'small', check: 'size < 5', field: 'size', message: { en: 'too large', 'zh-CN': '过大' } }] }) : a)).then((a) => ({ ...a, status: a.status === 201 ? 200 : a.status })), 200);
      await create(admin, `${object}s`, { name: 'more' });
      await measured(admin);
      const after = expect(await admin.get(`/quality/${object}`), 200);
      assert.deepEqual([after.trend.length, after.trend[0].total, after.trend[0].fields], [1, 8, 5]);
      assert.equal(field(after, 'size').wrong, 2);
      const wrong = await walk(admin, `/${object}s?filter=${encodeURIComponent(field(after, 'size').wrong_filter)}`);
      assert.deepEqual(wrong.map((r) => r.name).sort(), ['n5', 'n6']);
      assert.deepEqual(after.rules.map((r) => [r.rule, r.broken]), [['small', 2]]);
      assert.equal(await count(admin, `${object}s`, after.rules[0].filter), 2);
      assert.equal(after.trend[0].broken, 2);
      const listed = expect(await admin.get('/quality'), 200).objects.find((o) => o.object === object);
      assert.deepEqual([listed.total, listed.wrong, listed.filled], [8, 2, 4 + 6 + 8]);
    },
  },
  {
    name: 'who does not read everything sees no figures; a hidden field is not told; counting needs its right',
    async run(server) {
      const admin = by(server);
      const code = unique('care');
      expect(await admin.post('/roles', { code, name: code }), 201);
      const rights = (read) => admin.put(`/meta/access/${code}`, { objects: { account: { read, fields: { phone: 'hidden', email: 'masked' } } }, system: [] });
      expect(await rights('own'), 200);
      const user = await makeUser(server, [code]);
      await create(admin, 'accounts', { name: unique('x') });
      await measured(admin);
      assert.ok(!expect(await user.client.get('/quality'), 200).objects.some((o) => o.object === 'account'));
      expectProblem(await user.client.get('/quality/account'), 404, 'not_found');
      expectProblem(await user.client.post('/quality/account/tasks', { filter: 'website is null' }), 404, 'not_found');
      expectProblem(await user.client.post('/quality/measure', {}), 403, 'forbidden');
      expect(await rights('all'), 200);
      const seen = expect(await user.client.get('/quality/account'), 200).fields.map((f) => f.field);
      assert.ok(seen.includes('website') && !seen.includes('phone') && !seen.includes('email'), seen.join());
      expectProblem(await admin.get('/quality/nothing'), 404, 'not_found');
    },
  },
  {
    name: 'days of "stale" are a setting of each object, which the next count goes by; pairs that wait are told',
    async run(server) {
      const admin = by(server);
      const object = await thing(admin);
      await create(admin, `${object}s`, { name: 'old' });
      const listed = async () => { await measured(admin); return expect(await admin.get('/quality'), 200).objects.find((o) => o.object === object); };
      assert.deepEqual([(await listed()).stale_days, (await listed()).duplicates], [180, 0]);
      for (const bad of [-1, 3651, 'x', null]) expectProblem(await admin.patch(`/quality/${object}`, { stale_days: bad }), 422, 'validation');
      expect(await admin.patch(`/quality/${object}`, { stale_days: 30 }), 204);
      const told = expect(await admin.get(`/quality/${object}`), 200);
      assert.equal(told.stale_days, 30);
      assert.ok(told.stale_filter.includes('days_ago(30)') && !told.stale_filter.includes('180'), told.stale_filter);
      assert.equal((await listed()).stale_days, 30);
      expect(await admin.patch(`/quality/${object}`, { stale_days: 0 }), 204);
      assert.equal((await listed()).stale_days, 180);
      const seller = await makeUser(server, ['seller']);
      expectProblem(await seller.client.patch(`/quality/${object}`, { stale_days: 5 }), 403, 'forbidden');
      // two alike, looked for: one pair waits, until it is told apart
      expect(await admin.patch(`/meta/objects/${object}`, { duplicates: [{ name: 'same', fields: [{ field: 'email' }] }] }), 200);
      const email = `${unique('pair')}@example.com`;
      for (const name of ['a', 'b']) await create(admin, `${object}s`, { name, email });
      assert.equal((await waitForJob(admin, await admin.post(`/${object}s/duplicates/search`, { whole: true }))).status, 'done');
      assert.deepEqual([(await listed()).duplicates, expect(await admin.get(`/quality/${object}`), 200).duplicates], [1, 1]);
      const trend = async () => expect(await admin.get(`/quality/${object}`), 200).trend.map((day) => day.duplicates);
      assert.deepEqual(await trend(), [1]);
      // of a record in the bin the pair waits for nobody, neither here nor in the list, until it is brought back
      const waiting = async () => [(await listed()).duplicates, expect(await admin.get(`/quality/${object}`), 200).duplicates,
        ...((page) => [page.open, page.items.length])(expect(await admin.get(`/${object}s/duplicates`), 200))];
      const gone = expect(await admin.get(`/${object}s/duplicates`), 200).items[0].b.id;
      expect(await admin.delete(`/${object}s/${gone}`), 204);
      assert.deepEqual(await waiting(), [0, 0, 0, 0]);
      expect(await admin.post(`/${object}s/${gone}/restore`, {}), 200);
      assert.deepEqual(await waiting(), [1, 1, 1, 1]);
      const [pair] = expect(await admin.get(`/${object}s/duplicates`), 200).items;
      expect(await admin.post(`/${object}s/duplicates/${pair.id}/dismiss`), 204);
      assert.equal((await listed()).duplicates, 0);
      assert.deepEqual(await trend(), [0], 'a day tells its last count');
    },
  },
  {
    name: 'one task for a chosen person, with the list of all',
    async run(server) {
      const admin = by(server);
      const object = await thing(admin);
      const chosen = await makeUser(server, ['seller']);
      for (let i = 0; i < 3; i++) await create(admin, `${object}s`, { name: unique('row') });
      assert.deepEqual(expect(await admin.post(`/quality/${object}/tasks`, { filter: 'email is null', owner: chosen.id }), 200), { tasks: 1, records: 3 });
      const [task] = await walk(admin, `/tasks?filter=${encodeURIComponent(`owner = "${chosen.id}"`)}&fields=subject,description`);
      const link = /<p>\/([^?<]+)\?filter=([^<]+)<\/p>/.exec(task.description);
      assert.equal(decodeURIComponent(link[2]), 'email is null');
      assert.deepEqual(expect(await admin.post(`/quality/${object}/tasks`, { filter: 'email is not null', owner: chosen.id }), 200), { tasks: 0, records: 0 });
      for (const owner of ['12345', 'nobody']) assert.equal((await admin.post(`/quality/${object}/tasks`, { filter: 'email is null', owner })).status, 422);
    },
  },
  {
    name: 'a task for each owner, with the list of his own records',
    async run(server) {
      const admin = by(server);
      const object = await thing(admin);
      const [a, b] = [await makeUser(server, ['seller']), await makeUser(server, ['seller'])];
      for (const owner of [a, a, b]) await create(admin, `${object}s`, { name: unique('row'), owner: owner.id });
      const filter = 'email is null';
      const made = expect(await admin.post(`/quality/${object}/tasks`, { filter, due_at: '2027-01-05T09:00:00Z' }), 200);
      assert.deepEqual(made, { tasks: 2, records: 3 });
      for (const [owner, n] of [[a, 2], [b, 1]]) {
        const [task] = await walk(admin, `/tasks?filter=${encodeURIComponent(`owner = "${owner.id}"`)}&fields=subject,description,due_at`);
        assert.ok(task.subject.includes(String(n)), task.subject);
        assert.equal(task.due_at, '2027-01-05T09:00:00.000Z');
        const link = /<p>\/([^?<]+)\?filter=([^<]+)<\/p>/.exec(task.description);
        assert.equal(await count(admin, link[1], decodeURIComponent(link[2])), n, task.description);
      }
      for (const body of [{}, { filter: 'nmae is null' }, { filter, colour: 1 }]) assert.ok([400, 422].includes((await admin.post(`/quality/${object}/tasks`, body)).status), JSON.stringify(body));
    },
  },
];
