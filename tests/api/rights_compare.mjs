// SPDX-License-Identifier: Apache-2.0
// What every route tells one person, held against the reference of rights_model.mjs.
import { assert, expect, waitForJob } from './lib.mjs';
import { OBJECTS, expressionsOf, masked, may, maySome, phoneRight } from './rights_model.mjs';
import { plural } from './rights_world.mjs';

const q = encodeURIComponent;
// ---- comparisons: each names the routes it stands for
const names = (records) => records.map((r) => r.name).sort();
const told = (answer) => answer.items.map((item) => item.name).sort();
const all = (w, me, object) => w.records[object].filter((r) => may(w, me, object, r, 'read'));

async function sets(w, me, object, mark) {
  const filter = `name starts "${mark} "`;
  const path = `/${plural(object)}`;
  const wanted = all(w, me, object);
  if (!maySome(w, me, object, 'read')) {
    assert.equal((await me.client.get(`${path}?filter=${q(filter)}`)).status, 404);
    assert.equal((await me.client.post(`${path}/aggregate`, { measures: ['count'], filter })).status, 404);
    return;
  }
  const list = expect(await me.client.get(`${path}?count=exact&limit=200&sort=name&filter=${q(filter)}`), 200);
  assert.deepEqual(told(list), names(wanted), `${object} list`);
  assert.equal(list.count.value, wanted.length, `${object} count`);
  const query = expect(await me.client.post(`${path}/query`, { filter, limit: 200, as_of: new Date(Date.now() + 60000).toISOString() }), 200);
  assert.deepEqual(told(query), names(wanted), `${object} as of`);
  const sum = expect(await me.client.post(`${path}/aggregate`, { measures: ['count', { sum: 'size' }], filter }), 200);
  assert.equal(sum.total.count, wanted.length, `${object} aggregate`);
  assert.equal(Number(sum.total.sum_size ?? 0), wanted.reduce((s, r) => s + r.size, 0), `${object} sum`);
  const found = expect(await me.client.get(`${path}?q=${q(mark)}&limit=200`), 200);
  assert.deepEqual(told(found), names(wanted), `${object} q`);
  const search = expect(await me.client.get(`/search?q=${q(mark)}&objects=${object}&limit=50`), 200);
  assert.deepEqual(search.items.map((item) => item.title).sort(), names(wanted), `${object} search`);
  const one = expect(await me.client.get(`/search?q=${q(mark)}&objects=${object}&limit=1`), 200); // soon asks what he sees at all
  assert.ok(one.items.length === Math.min(1, wanted.length) && one.items.every((item) => names(wanted).includes(item.title)), `${object} first of search`);
  assert.equal(one.more, wanted.length > 1, `${object} more in search`);
  if (object === 'rbeta') await paths(w, me, list, filter);
}

// By time of change, page by page in the order told: those of this case are the newest.
async function recent(me, path, mark, limit) {
  const items = [];
  for (let after = '', on = true; on;) {
    const page = expect(await me.client.get(`${path}?fields=name,updated_at&count=none&limit=${limit}&sort=-updated_at${after}`), 200);
    const mine = page.items.filter((item) => item.name.startsWith(`${mark} `));
    items.push(...mine);
    on = mine.length === page.items.length && page.next !== null;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
  const order = (a, b) => (a.updated_at !== b.updated_at ? (a.updated_at < b.updated_at ? 1 : -1) : BigInt(a.id) < BigInt(b.id) ? 1 : -1);
  assert.deepEqual(items.map((item) => item.id), [...items].sort(order).map((item) => item.id), `${path} is in the order of the time`);
  return items.map((item) => item.id);
}

// Nothing narrows the list: pages in the order of the id are merged from branches of the predicate, others walk the
// records; the newest are those of this case, and the count is what the pages hold.
async function whole(w, me, object, mark, dice) {
  if (!maySome(w, me, object, 'read')) return;
  const path = `/${plural(object)}`;
  const wanted = all(w, me, object).map((r) => r.id).sort((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1));
  const limit = 1 + dice.next(4);
  const seen = [];
  for (let after = '', on = true; on;) {
    const page = expect(await me.client.get(`${path}?fields=name&count=none&limit=${limit}${after}`), 200);
    const mine = page.items.filter((item) => item.name.startsWith(`${mark} `));
    seen.push(...mine.map((item) => item.id));
    on = mine.length === page.items.length && page.next !== null;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
  assert.deepEqual(seen, wanted, `${object} pages of ${limit}`);
  assert.deepEqual((await recent(me, path, mark, limit)).sort(), [...wanted].sort(), `${object} by time, pages of ${limit}`);
  let n = 0;
  const first = expect(await me.client.get(`${path}?fields=name&count=exact&limit=200&sort=id`), 200);
  for (let page = first; page; page = page.next && expect(await me.client.get(`${path}?fields=name&count=none&limit=200&sort=id&after=${encodeURIComponent(page.next)}`), 200)) {
    n += page.items.length;
  }
  assert.equal(n, first.count.value, `${object} count of all`);
}

// Titles and values behind a link are those of what the person may read.
async function paths(w, me, list, filter) {
  for (const item of list.items) {
    const up = w.record('rbeta', item.id).up;
    const visible = up !== null && may(w, me, 'ralpha', w.record('ralpha', up), 'read');
    assert.equal(item.up?.title ?? null, visible ? w.record('ralpha', up).name : null, 'title of a link');
  }
  if (!maySome(w, me, 'ralpha', 'read')) return;
  const dotted = expect(await me.client.get(`/rbetas?fields=name,up.size&limit=200&filter=${q(filter)}`), 200);
  for (const item of dotted.items) {
    const up = w.record('rbeta', item.id).up;
    const visible = up !== null && may(w, me, 'ralpha', w.record('ralpha', up), 'read');
    assert.equal(item['up.size'], visible ? w.record('ralpha', up).size : null, 'value behind a link');
  }
  const filtered = expect(await me.client.get(`/rbetas?limit=200&filter=${q(`${filter} and up.size > 3`)}`), 200);
  const wanted = all(w, me, 'rbeta').filter((r) => r.up !== null && w.record('ralpha', r.up).size > 3 && may(w, me, 'ralpha', w.record('ralpha', r.up), 'read'));
  assert.deepEqual(told(filtered), names(wanted), 'filter behind a link');
}

async function single(w, me, object, r) {
  const path = `/${plural(object)}/${r.id}`;
  const reads = may(w, me, object, r, 'read');
  for (const tail of ['', '/history', '/access', '/shares', '/timeline', '/verbs', '/related']) {
    assert.equal((await me.client.get(path + tail)).status, reads ? 200 : 404, `${path}${tail}`);
  }
  if (!reads) return;
  const access = expect(await me.client.get(`${path}/access`), 200);
  for (const action of ['update', 'delete', 'export', 'share', 'transfer', 'bulk']) {
    assert.equal(access[action], may(w, me, object, r, action), `${path} ${action}`);
  }
  assert.ok(access.because.length > 0, `${path}: no reason`);
  const item = expect(await me.client.get(path), 200);
  const right = phoneRight(w, me, object);
  const home = item.phone?.replace(/^\+86/, '');
  assert.equal(home, { hidden: undefined, masked: masked(r.phone), read: r.phone, write: r.phone }[right], `${path} phone ${right}`);
  if (object === 'ralpha' && maySome(w, me, 'rbeta', 'read')) {
    const related = expect(await me.client.get(`${path}/related/rbetas?limit=200`), 200);
    assert.deepEqual(told(related), names(all(w, me, 'rbeta').filter((b) => b.up === r.id)), `${path} related`);
    const counts = expect(await me.client.get(`${path}/related`), 200).items;
    assert.deepEqual(counts.find((c) => c.relation === 'rbetas')?.count, { value: related.items.length, exact: true }, `${path} counts of relations`);
  }
}

async function secrets(w, me, object) {
  if (!maySome(w, me, object, 'read')) return;
  const path = `/${plural(object)}`;
  const r = w.records[object][0];
  const right = phoneRight(w, me, object);
  const knows = right === 'read' || right === 'write';
  assert.equal((await me.client.get(`${path}?filter=${q(`phone = "${r.phone}"`)}`)).status, knows ? 200 : 400, `${object} filter ${right}`);
  assert.equal((await me.client.get(`${path}?sort=phone`)).status, knows ? 200 : 400, `${object} sort ${right}`);
  const found = expect(await me.client.get(`/search?q=${r.phone.slice(-11)}&objects=${object}`), 200);
  assert.equal(found.items.some((item) => item.id === r.id), knows && may(w, me, object, r, 'read'), `${object} search ${right}`);
  const reveal = await me.client.post(`${path}/${r.id}/reveal`, { field: 'phone' });
  const seen = may(w, me, object, r, 'read');
  assert.equal(reveal.status, !seen ? 404 : right === 'hidden' ? 422 : right === 'masked' ? 403 : 200, `${object} reveal ${right}`);
}

async function writes(w, me, object, dice) {
  const r = dice.pick(w.records[object]);
  const path = `/${plural(object)}/${r.id}`;
  const reads = () => may(w, me, object, r, 'read');
  const wanted = (action, ok) => (!reads() ? 404 : may(w, me, object, r, action) ? ok : 403);
  const size = (r.size ?? 0) + 20 + dice.next(100); // what is so already would be no change
  const bulk = await me.client.post(`/${plural(object)}/bulk`, { ids: [r.id], set: { size }, dry_run: true });
  const some = maySome(w, me, object, 'bulk') && maySome(w, me, object, 'update');
  if (!maySome(w, me, object, 'read')) assert.equal(bulk.status, 404);
  else if (!some) assert.equal(bulk.status, 403, `${path} bulk: ${bulk.text}`);
  else assert.equal(expect(bulk, 200).change, reads() && may(w, me, object, r, 'bulk') && may(w, me, object, r, 'update') ? 1 : 0, `${path} bulk`);
  const inBatch = await me.client.post('/batch', { atomic: true, requests: [{ method: 'PATCH', path, body: { size } }] });
  assert.equal(inBatch.status === 200, wanted('update', 200) === 200, `batch ${path}: ${inBatch.text}`);
  if (inBatch.status === 200) r.size = size; // what may be done with it can be another thing now
  const updates = wanted('update', 200);
  const patch = await me.client.patch(path, { size: size + 1 });
  assert.equal(patch.status, updates, `PATCH ${path}: ${patch.text}`);
  if (updates === 200) r.size = size + 1;
  if (object !== 'rgamma') {
    const nobody = { with: [{ user: '424242' }] };
    assert.equal((await me.client.post(`${path}/share`, nobody)).status, wanted('share', 422), `share ${path}`);
    assert.equal((await me.client.post(`${path}/unshare`, nobody)).status, wanted('share', 422), `unshare ${path}`);
  }
  assert.equal((await me.client.post(`${path}/restore`, {})).status === 409, reads(), `restore ${path}`);
}

async function removal(w, me, object, dice) {
  const r = dice.pick(w.records[object]);
  const path = `/${plural(object)}/${r.id}`;
  const reads = may(w, me, object, r, 'read');
  const answer = await me.client.delete(path);
  const wanted = !reads ? 404 : may(w, me, object, r, 'delete') ? 204 : 403;
  assert.equal(answer.status, wanted, `DELETE ${path}: ${answer.text}`);
  if (wanted !== 204) return;
  // An expression that follows links is asked of live records only: what it alone opened is 404 when deleted.
  const followsLinks = expressionsOf(w, me, object, 'read').some((text) => text.includes('.'));
  const { status } = await me.client.get(path);
  assert.ok(status === 410 || (status === 404 && followsLinks), `${path} is gone: ${status}`);
  expect(await w.admin.post(`${path}/restore`), 200);
  if (object !== 'ralpha') return;
  for (const beta of w.records.rbeta) for (const link of ['up', 'about']) if (beta[link] === r.id) beta[link] = null; // deleting cleared the link, coming back does not set it
}

async function exports(w, me, object, mark) {
  if (!maySome(w, me, object, 'read')) return;
  const filter = `name starts "${mark} "`;
  const answer = await me.client.post(`/${plural(object)}/export`, { filter, fields: 'name', format: 'csv' });
  assert.equal(answer.status, maySome(w, me, object, 'export') ? 202 : 403, `${object} export`);
  if (answer.status !== 202) return;
  const job = await waitForJob(me.client, answer);
  assert.equal(job.status, 'done', JSON.stringify(job));
  const file = await me.client.get(`${job.result.file.url}`);
  const lines = (file.text.match(new RegExp(`${mark} \\w+`, 'g')) ?? []).sort();
  assert.deepEqual(lines, names(all(w, me, object).filter((r) => may(w, me, object, r, 'export'))), `${object} export`);
  const stranger = w.users.find((u) => u !== me);
  assert.equal((await stranger.client.get(job.result.file.url)).status, 404, 'another person\'s export');
  assert.equal((await stranger.client.get(`/jobs/${job.id}`)).status, 404, 'another person\'s job');
}

// Everything that is read of the records of the case.
export async function reads(w, me, mark, dice) {
  for (const object of OBJECTS) {
    await sets(w, me, object, mark);
    await whole(w, me, object, mark, dice);
    for (const r of w.records[object]) await single(w, me, object, r);
    if (w.records[object].length > 0) await secrets(w, me, object);
  }
}

export async function oneCase(w, me, mark, dice, exporting) {
  await reads(w, me, mark, dice);
  await writes(w, me, dice.pick(OBJECTS), dice);
  await removal(w, me, dice.pick(OBJECTS), dice);
  if (exporting) await exports(w, me, dice.pick(OBJECTS), mark);
}

// Of a state that is replayed: every record is written and removed, whatever the dice of the case said.
export async function wholeCase(w, me, mark) {
  await reads(w, me, mark, { next: () => 1 });
  const dice = (r) => ({ pick: () => r, next: () => 1 });
  for (const object of OBJECTS) for (const r of w.records[object]) await writes(w, me, object, dice(r));
  for (const object of OBJECTS.toReversed()) { // deleting what others lead to clears their links
    for (const r of w.records[object]) await removal(w, me, object, dice(r));
  }
}
