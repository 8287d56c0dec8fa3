// SPDX-License-Identifier: Apache-2.0
// Rights leak nothing: generated organisations, and what every route tells one person compared with a reference
// that decides record by record (rights_model.mjs). RIGHTS_CASES cases (300), from RIGHTS_SEED (1) on; a failure
// names the seed and the state. A route that no comparison and no reason stands for fails.
import { assert, by, create, expect, makeUser, unique, waitForJob } from './lib.mjs';
import { OBJECTS, Dice, expressionsOf, masked, may, maySome, phoneRight, randomForm } from './rights_model.mjs';

const q = encodeURIComponent;
const CASES = Number(process.env.RIGHTS_CASES ?? 300);
const SEED = Number(process.env.RIGHTS_SEED ?? 1);
const ROLES = ['presales', 'marketing', 'finance'];
const plural = (object) => `${object}s`;

async function declare(admin) {
  const fields = [
    { name: 'name', type: 'text', required: true, search: true }, { name: 'size', type: 'integer' },
    { name: 'phone', type: 'phone', search: true }, { name: 'gone', type: 'boolean' },
  ];
  expect(await admin.post('/meta/objects', { object: 'ralpha', plural: 'ralphas', title: 'name', traits: ['owned'], fields }), 201);
  expect(await admin.post('/meta/objects', {
    object: 'rbeta', plural: 'rbetas', title: 'name', traits: ['owned'],
    fields: [...fields, { name: 'up', type: 'link', to: 'ralpha', inverse: 'rbetas', on_delete: 'clear', visible_with: true }],
  }), 201);
  expect(await admin.post('/meta/objects', {
    object: 'rgamma', plural: 'rgammas', title: 'name', traits: ['line'],
    fields: [...fields, { name: 'rbeta', type: 'link', to: 'rbeta', required: true }],
  }), 201);
}

// ---- an organisation that lives through all cases and is changed by each
class World {
  constructor(server) {
    this.server = server;
    this.admin = by(server);
    Object.assign(this, { departments: [], users: [], teams: [], forms: {}, shares: [], rules: [], records: {} });
  }

  user(id) { return this.users.find((u) => u.id === id); }
  record(object, id) { return this.records[object].find((r) => r.id === id); }
  roleCode(id) { return ROLES[this.roleIds.indexOf(id)]; }

  async begin() {
    await declare(this.admin);
    const roles = expect(await this.admin.get('/roles?fields=code&limit=200'), 200).items;
    this.roleIds = ROLES.map((code) => roles.find((r) => r.code === code).id);
    for (let i = 0; i < 5; i++) {
      const d = await create(this.admin, 'departments', { name: unique('rd'), ...(i > 1 ? { parent: this.departments[i - 2].id } : {}) });
      this.departments.push({ id: d.id, parent: i > 1 ? this.departments[i - 2].id : null, manager: null, deputies: [] });
    }
    for (let i = 0; i < 6; i++) {
      const roles = [[0], [1], [2], [0, 1], [1, 2], [0]][i].map((k) => ROLES[k]);
      const department = this.departments[i % 5].id;
      const u = await makeUser(this.server, roles, { department });
      this.users.push({ id: u.id, key: u.key, client: u.client, roles, department, others: [], delegate: null });
    }
    for (let i = 0; i < 21; i++) { // so many that lists of who sees the first department walk the records
      await create(this.admin, 'users', { name: unique('crowd'), login: unique('crowd'), status: 'active', department: this.departments[0].id });
    }
    for (let i = 0; i < 2; i++) {
      const team = await create(this.admin, 'teams', { name: unique('rt') });
      const members = this.users.filter((u, k) => k % 2 === i).map((u) => u.id);
      for (const user of members) await create(this.admin, 'team_members', { team: team.id, user });
      this.teams.push({ id: team.id, members });
    }
  }

  async change(dice) {
    const person = dice.pick(this.users);
    const change = { department: dice.pick(this.departments).id, other_departments: dice.chance(40) ? [dice.pick(this.departments).id] : [], delegate: null, delegate_from: null };
    if (dice.chance(30)) change.delegate = dice.pick(this.users.filter((u) => u !== person)).id;
    if (change.delegate) change.delegate_from = '2020-01-01T00:00:00Z';
    expect(await this.admin.patch(`/users/${person.id}`, change), 200);
    Object.assign(person, { department: change.department, others: change.other_departments, delegate: change.delegate });
    const d = dice.pick(this.departments);
    const lead = { manager: dice.chance(40) ? dice.pick(this.users).id : null, deputies: dice.chance(30) ? [dice.pick(this.users).id] : [] };
    expect(await this.admin.patch(`/departments/${d.id}`, lead), 200);
    Object.assign(d, lead);
    for (const role of this.forms[ROLES[0]] ? [dice.pick(ROLES)] : ROLES) {
      const objects = Object.fromEntries(OBJECTS.map((object) => [object, randomForm(dice, object)]));
      expect(await this.admin.put(`/meta/access/${role}`, { objects }), 200);
      this.forms[role] = objects;
    }
  }

  async fill(dice, mark) {
    this.records = { ralpha: [], rbeta: [], rgamma: [] };
    this.shares = [];
    const requests = [];
    for (const object of OBJECTS) {
      for (let i = 0; i < 5; i++) {
        const body = { name: `${mark} ${object}${i}`, size: dice.next(10), phone: `139${String(10000000 + dice.next(89999999))}` };
        if (object !== 'rgamma') body.owner = dice.chance(15) ? null : dice.pick(this.users).id;
        if (object !== 'rgamma') body.department = dice.pick(this.departments).id;
        if (object === 'rbeta') body.up = dice.chance(70) ? `$ralpha${dice.next(5)}.id` : null;
        if (object === 'rgamma') body.rbeta = `$rbeta${dice.next(5)}.id`;
        requests.push({ ref: `${object}${i}`, method: 'POST', path: `/${plural(object)}`, body });
      }
    }
    const answers = expect(await this.admin.post('/batch', { atomic: true, requests }), 200);
    const list = answers.responses ?? answers.items ?? answers;
    list.forEach((answer, i) => {
      const b = answer.body;
      const object = OBJECTS[Math.floor(i / 5)];
      this.records[object].push({
        id: b.id, name: b.name, size: b.size, phone: b.phone, owner: b.owner?.id ?? null, department: b.department?.id ?? null,
        up: b.up?.id ?? null, rbeta: b.rbeta?.id ?? null, version: b.version,
      });
    });
    for (let i = 0; i < 4; i++) await this.share(dice);
  }

  principal(dice) {
    return dice.pick([{ user: dice.pick(this.users).id }, { team: dice.pick(this.teams).id }, { department: dice.pick(this.departments).id },
      { role: dice.pick(this.roleIds) }, { everyone: true }]);
  }

  async share(dice) {
    const object = dice.pick(['ralpha', 'rbeta']);
    const record = dice.pick(this.records[object]).id;
    const share = { object, record, with: this.principal(dice), level: dice.pick(['read', 'edit']) };
    const same = (s) => s.record === record && JSON.stringify(s.with) === JSON.stringify(share.with);
    expect(await this.admin.post(`/${plural(object)}/${record}/share`, { with: [share.with], level: share.level, as: 'collaborator' }), 204);
    this.shares = [...this.shares.filter((s) => !same(s)), share];
  }

  async rule(dice) {
    for (const rule of expect(await this.admin.get('/meta/sharing-rules'), 200).items) expect(await this.admin.delete(`/meta/sharing-rules/${rule.id}`), 204);
    this.rules = [];
    if (dice.chance(40)) return;
    const rule = { object: dice.pick(['ralpha', 'rbeta']), when: 'size > 6', with: this.principal(dice), level: dice.pick(['read', 'edit']) };
    if (rule.object === 'ralpha') rule.when = 'size > 5';
    expect(await this.admin.post('/meta/sharing-rules', rule), 201);
    this.rules = [rule];
  }
}

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
  if (object === 'rbeta') await paths(w, me, list, filter);
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
  const recent = expect(await me.client.get(`${path}?fields=name&count=none&limit=200&sort=-updated_at`), 200).items.filter((item) => item.name.startsWith(`${mark} `));
  assert.deepEqual(recent.map((item) => item.id).sort(), [...wanted].sort(), `${object} by time`);
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
  for (const tail of ['', '/history', '/access', '/shares', '/timeline', '/verbs']) {
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
  const size = 20 + dice.next(100);
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

// method path → why it is safe; what stands in no line fails
const COMPARED = [
  ['GET', '/{plural}'], ['POST', '/{plural}/query'], ['POST', '/{plural}/aggregate'], ['GET', '/{plural}/{id}'], ['PATCH', '/{plural}/{id}'], ['DELETE', '/{plural}/{id}'],
  ['GET', '/{plural}/{id}/access'], ['GET', '/{plural}/{id}/history'], ['GET', '/{plural}/{id}/related/{relation}'], ['GET', '/{plural}/{id}/timeline'], ['GET', '/{plural}/{id}/verbs'], ['GET', '/{plural}/{id}/shares'],
  ['POST', '/{plural}/{id}/share'], ['POST', '/{plural}/{id}/unshare'], ['POST', '/{plural}/{id}/reveal'], ['POST', '/{plural}/{id}/restore'],
  ['POST', '/{plural}/bulk'], ['POST', '/{plural}/export'], ['GET', '/search'], ['POST', '/batch'], ['GET', '/jobs/{id}'], ['GET', '/files/{id}'],
];
const REASONS = [
  [/^(GET|POST|PUT|PATCH|DELETE) \/meta/, 'the catalogue, not records: rights of the route (meta, access scenarios)'],
  [/^\w+ \/me\/messages/, 'one\'s own messages; titles, excerpts, changes by query/ and record/ with the rights of now (messages scenario)'],
  [/^\w+ \/me\/marks/, 'one\'s own marks; titles and visibility by query/ (marks scenario)'],
  [/^GET \/me\/home/, 'its cards are lists and aggregates, each the count of its filter (home scenario)'],
  [/^\w+ \/(me|session|api-keys|healthz|readyz|metrics|openapi\.json|access-log|doctor|limits)/, 'one\'s own account, or a right of the route'],
  [/^\w+ \/(jobs|batches)/, 'one\'s own jobs and batches (jobs, bulk scenarios); undo writes as PATCH does'],
  [/^GET \/events/, 'asks query_visible for each event (access, sharing scenarios)'],
  [/^POST \/(files|expressions\/check)/, 'an upload is one\'s own; the sample of an expression loads its record as GET does (setup scenario)'],
  [/^POST \/\{plural\}\/conditions/, 'loads its record as GET does, tells names of visible fields only (setup, matrix scenarios)'],
  [/^POST \/users\/\{id\}\/(password|hand-over)/, 'right manage_users, hand_over; titles of a dry run are the reader\'s (hand_over scenario)'],
  [/^POST \/\{plural\}$/, 'create is yes or no (access scenario)'],
  [/^POST \/\{plural\}\/\{id\}\/\{verb\}/, 'a verb of a module loads its record as PATCH does (verbs scenario)'],
  [/^POST \/\{plural\}\/import/, 'import is yes or no, its keys find what is visible (import_refs scenario)'],
];

export const tests = [
  {
    name: 'every route that tells of records has a comparison, or a reason',
    async run(server) {
      const { paths: routes } = expect(await by(server).get('/openapi.json'), 200);
      const missing = [];
      for (const [path, methods] of Object.entries(routes)) {
        for (const method of Object.keys(methods)) {
          const short = path.replace('/api/v1', '');
          const line = `${method.toUpperCase()} ${short}`;
          const verb = /^POST \/(?!\{plural\})[a-z_]+\/\{id\}\/[a-z_]+$/.test(line); // of one object: its own scenario
          if (!verb && !COMPARED.some(([m, p]) => line === `${m} ${p}`) && !REASONS.some(([pattern]) => pattern.test(line))) missing.push(line);
        }
      }
      assert.deepEqual(missing, []);
    },
  },
  {
    name: `${CASES} organisations: what one person sees is what the reference says, through every door`,
    async run(server) {
      const w = new World(server);
      await w.begin();
      for (let i = 0; i < CASES; i++) {
        const seed = SEED + i;
        const dice = new Dice(seed);
        const mark = `q${String.fromCharCode(97 + (i % 26))}${i}zz${SEED}`;
        await w.change(dice);
        if (i % 4 === 0) await w.rule(dice);
        await w.fill(dice, mark);
        const me = dice.pick(w.users);
        try {
          for (const object of OBJECTS) {
            await sets(w, me, object, mark);
            await whole(w, me, object, mark, dice);
            for (const r of w.records[object]) await single(w, me, object, r);
            await secrets(w, me, object);
          }
          await writes(w, me, dice.pick(OBJECTS), dice);
          await removal(w, me, dice.pick(OBJECTS), dice);
          if (i % 10 === 0) await exports(w, me, dice.pick(OBJECTS), mark);
        } catch (error) {
          const state = { me, departments: w.departments, users: w.users.map(({ key: _, client: __, ...u }) => u), forms: w.forms, shares: w.shares, rules: w.rules, records: w.records };
          throw new Error(`case ${i} (RIGHTS_CASES=1 RIGHTS_SEED=${seed} starts from it): ${error.stack}\n${JSON.stringify({ ...state, me: me.id })}`);
        }
      }
    },
  },
];
