// SPDX-License-Identifier: Apache-2.0
// POST /batch: several writes in one transaction, with references between them.
import { assert, by, create, expect, expectProblem, makeUser, unique, waitForJob } from './lib.mjs';

const q = encodeURIComponent;
const send = (client, requests, more, headers) => client.post('/batch', { requests, ...more }, headers);
const named = async (client, plural, name) => expect(await client.get(`/${plural}?filter=${q(`name = "${name}"`)}`), 200).items;

export const tests = [
  {
    name: 'a batch is tried without writing, and taken back as one',
    async run(server) {
      const admin = by(server);
      const name = unique('tried');
      const [one, two] = [await create(admin, 'accounts', { name: `${name} 1` }), await create(admin, 'accounts', { name: `${name} 2` })];
      const requests = [one, two].map((r) => ({ method: 'PATCH', path: `/accounts/${r.id}`, body: { name: `${name} new`, phone: '02155550000' }, if_match: `"${r.version}"` }));
      const names = async () => (await Promise.all([one, two].map((r) => admin.get(`/accounts/${r.id}`)))).map((a) => [a.body.name, a.body.version]);
      const tried = await send(admin, requests, { dry_run: true });
      assert.deepEqual(expect(tried, 200).items.map((i) => i.body.name), [`${name} new`, `${name} new`]);
      assert.equal(tried.headers['guanxi-batch'], undefined);
      assert.deepEqual(await names(), [[`${name} 1`, 1], [`${name} 2`, 1]]);
      expectProblem(await send(admin, [requests[0], { ...requests[1], body: { level: 'no such' } }], { dry_run: true }), 422, 'validation');
      const done = await send(admin, requests);
      expect(done, 200);
      const batch = done.headers['guanxi-batch'];
      assert.match(batch ?? '', /^\d+$/);
      assert.deepEqual(await names(), [[`${name} new`, 2], [`${name} new`, 2]]);
      await waitForJob(admin, await admin.post(`/batches/${batch}/undo`, {}));
      assert.deepEqual((await names()).map(([n]) => n), [`${name} 1`, `${name} 2`]);
    },
  },
  {
    name: 'a dry run answers each request, and portions go on with one batch of one person',
    async run(server) {
      const admin = by(server);
      const name = unique('portion');
      const rows = [];
      for (const n of [1, 2, 3, 4]) rows.push(await create(admin, 'accounts', { name: `${name} ${n}` }));
      const patch = (r, body, version = r.version) => ({ method: 'PATCH', path: `/accounts/${r.id}`, body, if_match: `"${version}"` });
      const names = async () => (await Promise.all(rows.map((r) => admin.get(`/accounts/${r.id}`)))).map((a) => a.body.name);
      const before = await names();
      const tried = await send(admin, [{ ...patch(rows[0], { level: 'no such', founded_year: 'x' }), ref: 'first' }, patch(rows[1], { name: `${name} b` }), patch(rows[2], { name }, 9), { method: 'GET', path: '/accounts' }], { dry_run: true, atomic: false });
      const { items } = expect(tried, 200);
      assert.deepEqual(items.map((i) => [i.ref, i.status]), [['first', 422], [null, 200], [null, 412], [null, 400]]);
      assert.deepEqual(items[0].body.errors.map((e) => e.field).sort(), ['founded_year', 'level']);
      assert.equal(items[1].body.name, `${name} b`);
      assert.deepEqual(await names(), before);
      const first = await send(admin, [patch(rows[0], { name: `${name} new` }), patch(rows[1], { name: `${name} new` })]);
      const batch = first.headers['guanxi-batch'];
      const second = await send(admin, [patch(rows[2], { name: `${name} new` })], { batch });
      expect(second, 200);
      assert.equal(second.headers['guanxi-batch'], batch);
      const seller = await makeUser(server, ['seller']);
      const own = await create(seller.client, 'accounts', { name: `${name} own` });
      for (const [client, more] of [[seller.client, { batch }], [admin, { batch: '7' }], [admin, { batch: 'x' }], [admin, { batch: 3 }]]) expectProblem(await send(client, [{ method: 'PATCH', path: `/accounts/${own.id}`, body: { name: `${name} taken` } }], more), 422, 'validation');
      await waitForJob(admin, await admin.post(`/batches/${batch}/undo`, {}));
      assert.deepEqual(await names(), before);
      expectProblem(await send(admin, [patch(rows[3], { name: `${name} late` })], { batch }), 422, 'validation');
      assert.equal(expect(await admin.get(`/accounts/${own.id}`), 200).name, `${name} own`);
    },
  },
  {
    name: 'a later request links to what an earlier one makes',
    async run(server) {
      const admin = by(server);
      const name = unique('batch');
      const old = await create(admin, 'accounts', { name: `${name} old` });
      const gone = await create(admin, 'contacts', { name: `${name} gone` });
      const { items } = expect(await send(admin, [
        { ref: 'a', method: 'POST', path: '/accounts', body: { name, parent: old.id } },
        { ref: 'c', method: 'POST', path: '/contacts', body: { name, account: '$a.id', description: '$a.id' } },
        { ref: 'p', method: 'POST', path: '/pipelines', body: { code: name.replace('-', '_'), name } },
        { method: 'PATCH', path: `/accounts/${old.id}`, body: { primary_contact: '$c.id' }, if_match: '"1"' },
        { method: 'DELETE', path: `/contacts/${gone.id}` },
      ]), 200);
      assert.deepEqual(items.map((item) => [item.ref, item.status]), [['a', 201], ['c', 201], ['p', 201], [null, 200], [null, 204]]);
      const [account] = await named(admin, 'accounts', name);
      const [contact] = await named(admin, 'contacts', name);
      assert.equal(account.id, items[0].body.id);
      assert.deepEqual(contact.account, { id: account.id, title: name });
      assert.equal(contact.description, '$a.id');
      assert.equal(expect(await admin.get(`/accounts/${old.id}`), 200).primary_contact.id, contact.id);
      expectProblem(await admin.get(`/contacts/${gone.id}`), 410, 'gone');
    },
  },
  {
    name: 'links of many take references among ids',
    async run(server) {
      const admin = by(server);
      const name = unique('party').replace('-', '_');
      expect(await admin.post('/meta/objects', {
        object: name, plural: `${name}s`, area: 'marketing', label: { 'zh-CN': '聚会', en: 'Party' }, title: 'name',
        fields: [{ name: 'name', type: 'text' }, { name: 'guests', type: 'links', to: 'contact', inverse: name }],
      }), 201);
      const known = await create(admin, 'contacts', { name: unique('known') });
      const { items } = expect(await send(admin, [
        { ref: 'x', method: 'POST', path: '/contacts', body: { name } },
        { method: 'POST', path: `/${name}s`, body: { name, guests: ['$x.id', known.id, '$x.id'] } },
      ]), 200);
      const party = expect(await admin.get(`/${name}s/${items[1].body.id}`), 200);
      assert.deepEqual(party.guests.map((guest) => guest.id).sort(), [known.id, items[0].body.id].sort());
      assert.equal((await named(admin, `${name}s`, name)).length, 1);
      const through = expect(await admin.get(`/${name}s?filter=${q(`any(guests, name = "${name}")`)}`), 200);
      assert.equal(through.items.length, 1);
    },
  },
  {
    name: 'references stand in links to any object, in lines of the body and in added links',
    async run(server) {
      const admin = by(server);
      const word = unique('trip').replace('-', '_');
      const [trip, stop] = [word, `${word}_stop`];
      expect(await admin.post('/meta/objects', {
        object: trip, plural: `${trip}s`, title: 'name',
        fields: [{ name: 'name', type: 'text' }, { name: 'about', type: 'any_link', to: ['account', 'contact'] }, { name: 'guests', type: 'links', to: 'contact', inverse: `${trip}_guest` }],
      }), 201);
      expect(await admin.post('/meta/objects', {
        object: stop, plural: `${stop}s`, title: 'name', traits: ['line'],
        fields: [{ name: trip, type: 'link', to: trip, required: true, inverse: 'stops' }, { name: 'name', type: 'text' }, { name: 'host', type: 'link', to: 'contact', inverse: `${trip}_host` }, { name: 'topic', type: 'any_link', to: ['account'], inverse: `${trip}_topic` }],
      }), 201);
      const { items } = expect(await send(admin, [
        { ref: 'a', method: 'POST', path: '/accounts', body: { name: word } },
        { ref: 'c', method: 'POST', path: '/contacts', body: { name: word, account: { id: '$a.id' } } },
        { ref: 't', method: 'POST', path: `/${trip}s`, body: { name: word, about: { object: 'contact', id: '$c.id' }, guests: ['$c.id'], stops: [{ name: 'one', host: '$c.id', topic: { object: 'account', id: '$a.id' } }, { name: 'two' }] } },
        { method: 'POST', path: `/${stop}s`, body: { name: 'three', [trip]: '$t.id', host: '$c.id' } },
      ]), 200);
      const [a, c, t] = items.map((item) => item.body.id);
      const read = expect(await admin.get(`/${trip}s/${t}?expand=stops`), 200);
      assert.deepEqual([read.about.object, read.about.id, read.guests.map((g) => g.id)], ['contact', c, [c]]);
      assert.deepEqual(read.stops.map((s) => [s.name, s.host?.id ?? null, s.topic?.id ?? null]).sort(), [['one', c, a], ['three', c, null], ['two', null, null]]);
      assert.equal(expect(await admin.get(`/contacts/${c}`), 200).account.id, a);
      const again = expect(await send(admin, [
        { ref: 'd', method: 'POST', path: '/contacts', body: { name: `${word} d` } },
        { method: 'PATCH', path: `/${trip}s/${t}`, body: { about: { object: 'contact', id: '$d.id' }, guests: { add: ['$d.id'], remove: [c] }, stops: [{ id: read.stops.find((s) => s.name === 'two').id, host: '$d.id' }] } },
      ]), 200);
      const d = again.items[0].body.id;
      const after = expect(await admin.get(`/${trip}s/${t}?expand=stops`), 200);
      assert.deepEqual([after.about.id, after.guests.map((g) => g.id), after.stops.find((s) => s.name === 'two').host.id], [d, [d], d]);
      const wrong = expectProblem(await send(admin, [
        { ref: 'a', method: 'POST', path: '/accounts', body: { name: word } },
        { method: 'POST', path: `/${trip}s`, body: { name: word, about: { object: 'contact', id: '$a.id' }, guests: ['$a.id'], stops: [{ host: '$z.id' }, { topic: { object: 'contact', id: '$a.id' } }] } },
      ]), 422, 'validation');
      assert.deepEqual(wrong.errors.map((e) => [e.field, e.code]), [
        ['requests[1].body.about', 'no_match'], ['requests[1].body.guests', 'no_match'],
        ['requests[1].body.stops[0].host', 'no_match'], ['requests[1].body.stops[1].topic', 'bad_value'],
      ]);
      assert.equal((await named(admin, 'accounts', word)).length, 1);
    },
  },
  {
    name: 'one failure undoes all, and says whose it is',
    async run(server) {
      const admin = by(server);
      const name = unique('none');
      const a = await create(admin, 'accounts', { name: unique('a') });
      const first = { ref: 'a', method: 'POST', path: '/accounts', body: { name } };
      const cases = [
        [422, 'validation', 'requests[1].body.founded_year', { method: 'POST', path: '/accounts', body: { name, founded_year: 'x' } }],
        [422, 'validation', 'requests[1].body.account', { method: 'POST', path: '/contacts', body: { name, account: '$b.id' } }],
        [422, 'validation', 'requests[1].body.primary_contact', { method: 'PATCH', path: `/accounts/${a.id}`, body: { primary_contact: '$a.id' } }],
        [412, 'stale', 'requests[1]', { method: 'PATCH', path: `/accounts/${a.id}`, body: { name }, if_match: '"9"' }],
        [404, 'not_found', 'requests[1]', { method: 'DELETE', path: '/accounts/1' }],
        [404, 'not_found', 'requests[1]', { method: 'POST', path: '/nothings', body: {} }],
        [400, 'bad_parameter', 'requests[1]', { method: 'GET', path: '/accounts' }],
        [422, 'validation', 'requests[1].body.colour', { method: 'POST', path: '/accounts', body: { name }, colour: 'red' }],
      ];
      for (const [status, code, field, bad] of cases) {
        const problem = expectProblem(await send(admin, [first, bad]), status, code);
        assert.equal(problem.errors[0].field, field, JSON.stringify(problem));
      }
      const twice = { method: 'PATCH', path: `/accounts/${a.id}`, body: { description: 'x' } };
      expectProblem(await send(admin, [twice, twice]), 422, 'validation');
      const code = unique('sku');
      const product = { method: 'POST', path: '/products', body: { name, code, price: '1' } };
      expectProblem(await send(admin, [first, product, product]), 409, 'conflict');
      assert.equal((await named(admin, 'accounts', name)).length, 0);
      assert.equal((await named(admin, 'products', name)).length, 0);
    },
  },
  {
    name: 'rights hold inside, keys make it safe to repeat, bounds are kept',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const name = unique('right');
      const theirs = await create(admin, 'accounts', { name });
      expectProblem(await send(seller.client, [{ method: 'PATCH', path: `/accounts/${theirs.id}`, body: { description: 'x' } }]), 404, 'not_found');
      expectProblem(await send(seller.client, [{ method: 'POST', path: '/products', body: { name, price: '1' } }]), 403, 'forbidden');
      const key = { 'Idempotency-Key': unique('key') };
      const requests = [{ ref: 'a', method: 'POST', path: '/accounts', body: { name: `${name} once` } }];
      const one = expect(await send(admin, requests, {}, key), 200);
      assert.deepEqual(expect(await send(admin, requests, {}, key), 200), one);
      assert.equal((await named(admin, 'accounts', `${name} once`)).length, 1);
      const many = (n) => Array.from({ length: n }, (_, i) => ({ method: 'POST', path: '/accounts', body: { name: `${name} ${i}`, english_name: name } }));
      expectProblem(await send(admin, many(101)), 422, 'validation');
      assert.equal(expect(await send(admin, many(100)), 200).items.length, 100);
      assert.equal(expect(await admin.get(`/accounts?limit=1&filter=${q(`english_name = "${name}"`)}`), 200).count.value, 100);
      expectProblem(await send(admin, many(1), { atomic: false }), 400, 'bad_parameter');
      assert.deepEqual(expect(await send(admin, []), 200).items, []);
    },
  },
];
