// SPDX-License-Identifier: Apache-2.0
// An organisation that lives through all cases of the property test of rights and is changed by each, and its state as a
// value (people, departments, teams, records by their place in a list), which a fresh server can be brought to again.
import { by, create, expect, makeUser, unique } from './lib.mjs';
import { OBJECTS, ROLES, randomForm } from './rights_model.mjs';

const KINDS = ['deal', 'lease'];
export const plural = (object) => `${object}s`;

async function declare(admin) {
  const fields = [
    { name: 'name', type: 'text', required: true, search: true }, { name: 'size', type: 'integer' },
    { name: 'phone', type: 'phone', search: true }, { name: 'gone', type: 'boolean' },
  ];
  expect(await admin.post('/meta/objects', { object: 'ralpha', plural: 'ralphas', title: 'name', traits: ['owned'], record_type: 'kind', fields: [...fields, { name: 'helpers', type: 'links', to: 'user', shares: 'edit' }, { name: 'crew', type: 'link', to: 'team', shares: 'read' }, { name: 'kind', type: 'choice', choices: KINDS.map((value) => ({ value, label: { en: value, 'zh-CN': value } })) }] }), 201);
  expect(await admin.post('/meta/objects', {
    object: 'rbeta', plural: 'rbetas', title: 'name', traits: ['owned'],
    fields: [...fields, { name: 'up', type: 'link', to: 'ralpha', inverse: 'rbetas', on_delete: 'clear', visible_with: true }, { name: 'about', type: 'any_link', to: ['ralpha'], inverse: 'rbetas_about', on_delete: 'clear', visible_with: true }],
  }), 201);
  expect(await admin.post('/meta/objects', {
    object: 'rgamma', plural: 'rgammas', title: 'name', traits: ['line'],
    fields: [...fields, { name: 'rbeta', type: 'link', to: 'rbeta', required: true }],
  }), 201);
}

// ---- an organisation that lives through all cases and is changed by each
export class World {
  constructor(server) {
    this.server = server;
    this.admin = by(server);
    Object.assign(this, { departments: [], positions: [], users: [], teams: [], forms: {}, shares: [], rules: [], records: {} });
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
    for (let i = 0; i < 2; i++) {
      const p = await create(this.admin, 'positions', { code: unique('rp').replaceAll('-', '_'), name: unique('rp') });
      this.positions.push({ id: p.id, roles: [], active: true });
    }
    for (let i = 0; i < 6; i++) {
      const roles = [[0], [1], [2], [0, 1], [1, 2], [0]][i].map((k) => ROLES[k]);
      const department = this.departments[i % 5].id;
      const u = await makeUser(this.server, roles, { department });
      this.users.push({ id: u.id, key: u.key, client: u.client, roles, department, others: [], position: null, positions: [], delegate: null });
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
    change.position = dice.chance(30) ? dice.pick(this.positions).id : null;
    change.other_positions = dice.chance(20) ? [dice.pick(this.positions).id] : [];
    expect(await this.admin.patch(`/users/${person.id}`, change), 200);
    const place = dice.pick(this.positions);
    Object.assign(place, { roles: dice.chance(70) ? [dice.pick(ROLES)] : [], active: dice.chance(80) });
    expect(await this.admin.patch(`/positions/${place.id}`, { roles: place.roles.map((code) => this.roleIds[ROLES.indexOf(code)]), is_active: place.active }), 200);
    Object.assign(person, { position: change.position, positions: change.other_positions, department: change.department, others: change.other_departments, delegate: change.delegate });
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
    const requests = [];
    for (const object of OBJECTS) {
      for (let i = 0; i < 5; i++) {
        const body = { name: `${mark} ${object}${i}`, size: dice.next(10), phone: `139${String(10000000 + dice.next(89999999))}` };
        if (object !== 'rgamma') body.owner = dice.chance(15) ? null : dice.pick(this.users).id;
        if (object !== 'rgamma') body.department = dice.pick(this.departments).id;
        if (object === 'ralpha') body.kind = dice.chance(80) ? dice.pick(KINDS) : null;
        if (object === 'ralpha' && dice.chance(40)) Object.assign(body, { helpers: [dice.pick(this.users).id], crew: dice.chance(30) ? dice.pick(this.teams).id : null });
        if (object === 'rbeta') body.up = dice.chance(70) ? `$ralpha${dice.next(5)}.id` : null;
        if (object === 'rbeta' && dice.chance(25)) body.about = { object: 'ralpha', id: `$ralpha${dice.next(5)}.id` };
        if (object === 'rgamma') body.rbeta = `$rbeta${dice.next(5)}.id`;
        requests.push({ ref: `${object}${i}`, method: 'POST', path: `/${plural(object)}`, body });
      }
    }
    await this.put(requests);
    for (let i = 0; i < 4; i++) await this.share(dice);
  }

  async put(requests) {
    this.records = { ralpha: [], rbeta: [], rgamma: [] };
    this.shares = [];
    if (requests.length === 0) return;
    const answers = expect(await this.admin.post('/batch', { atomic: true, requests }), 200);
    const list = answers.responses ?? answers.items ?? answers;
    list.forEach((answer, i) => {
      const b = answer.body;
      this.records[requests[i].path.slice(1, -1)].push({
        id: b.id, name: b.name, size: b.size, kind: b.kind ?? null, phone: b.phone, owner: b.owner?.id ?? null, department: b.department?.id ?? null,
        helpers: (b.helpers ?? []).map((u) => u.id), crew: b.crew?.id ?? null, about: b.about?.id ?? null, up: b.up?.id ?? null, rbeta: b.rbeta?.id ?? null, version: b.version,
      });
    });
  }

  principal(dice) {
    return dice.pick([{ user: dice.pick(this.users).id }, { team: dice.pick(this.teams).id }, { department: dice.pick(this.departments).id },
      { role: dice.pick(this.roleIds) }, { everyone: true }]);
  }

  async share(dice) {
    const object = dice.pick(['ralpha', 'rbeta']);
    const record = dice.pick(this.records[object]).id;
    await this.addShare({ object, record, with: this.principal(dice), level: dice.pick(['read', 'edit']) });
  }

  async addShare(share) {
    const same = (s) => s.record === share.record && JSON.stringify(s.with) === JSON.stringify(share.with);
    expect(await this.admin.post(`/${plural(share.object)}/${share.record}/share`, { with: [share.with], level: share.level, as: 'collaborator' }), 204);
    this.shares = [...this.shares.filter((s) => !same(s)), share];
  }

  async clearRules() {
    for (const rule of expect(await this.admin.get('/meta/sharing-rules'), 200).items) expect(await this.admin.delete(`/meta/sharing-rules/${rule.id}`), 204);
    this.rules = [];
  }

  async rule(dice) {
    await this.clearRules();
    if (dice.chance(40)) return;
    const rule = { object: dice.pick(['ralpha', 'rbeta']), when: 'size > 6', with: this.principal(dice), level: dice.pick(['read', 'edit']) };
    if (rule.object === 'ralpha') rule.when = 'size > 5';
    await this.addRule(rule);
  }

  async addRule(rule) {
    const { id } = expect(await this.admin.post('/meta/sharing-rules', rule), 201);
    this.rules.push(rule);
    for (let i = 0; ; i++) { // until its job has opened what is there already: pages and counts must not be told apart by it
      const mine = expect(await this.admin.get('/meta/sharing-rules'), 200).items.find((r) => r.id === id);
      if (mine.filled) return;
      if (i > 1200) throw new Error('the job of a sharing rule does not end');
      await new Promise((go) => setTimeout(go, 50));
    }
  }

  // ---- as a value: people, departments, teams and records by their place in a list
  place(list, id) { return id === null || id === undefined ? null : list.findIndex((x) => x.id === id); }

  placed(to) {
    if (to.user) return { user: this.place(this.users, to.user) };
    if (to.team) return { team: this.place(this.teams, to.team) };
    if (to.department) return { department: this.place(this.departments, to.department) };
    return to.role ? { role: this.roleCode(to.role) } : to;
  }

  state(me) {
    const user = (id) => this.place(this.users, id);
    const department = (id) => this.place(this.departments, id);
    const record = (r) => ({
      size: r.size, kind: r.kind, phone: r.phone, owner: user(r.owner), department: department(r.department),
      helpers: r.helpers.map(user), crew: this.place(this.teams, r.crew), about: this.place(this.records.ralpha, r.about), up: this.place(this.records.ralpha, r.up), rbeta: this.place(this.records.rbeta, r.rbeta),
    });
    return structuredClone({
      me: user(me.id),
      departments: this.departments.map((d) => ({ manager: user(d.manager), deputies: d.deputies.map(user) })),
      positions: this.positions.map((p) => ({ roles: p.roles, active: p.active })),
      users: this.users.map((u) => ({ roles: u.roles, position: this.place(this.positions, u.position), positions: u.positions.map((p) => this.place(this.positions, p)), department: department(u.department), others: u.others.map(department), delegate: user(u.delegate) })),
      forms: this.forms,
      rules: this.rules.map((r) => ({ ...r, with: this.placed(r.with) })),
      records: Object.fromEntries(OBJECTS.map((o) => [o, this.records[o].map(record)])),
      shares: this.shares.map((s) => ({ object: s.object, record: this.place(this.records[s.object], s.record), with: this.placed(s.with), level: s.level })),
    });
  }

  found(to) {
    if (to.user !== undefined) return { user: this.users[to.user].id };
    if (to.team !== undefined) return { team: this.teams[to.team].id };
    if (to.department !== undefined) return { department: this.departments[to.department].id };
    return to.role ? { role: this.roleIds[ROLES.indexOf(to.role)] } : to;
  }

  // Brings the server to a state, by its API alone; gives who acts.
  async realise(state, mark) {
    const id = (list, i) => (i === null ? null : list[i].id);
    for (const [i, s] of state.positions.entries()) {
      expect(await this.admin.patch(`/positions/${this.positions[i].id}`, { roles: s.roles.map((code) => this.roleIds[ROLES.indexOf(code)]), is_active: s.active }), 200);
      Object.assign(this.positions[i], s);
    }
    for (const [i, s] of state.users.entries()) {
      const u = this.users[i];
      const change = {
        roles: s.roles.map((code) => ({ match: { code } })), position: id(this.positions, s.position), other_positions: s.positions.map((p) => this.positions[p].id), department: id(this.departments, s.department),
        other_departments: s.others.map((d) => this.departments[d].id), delegate: id(this.users, s.delegate), delegate_from: s.delegate === null ? null : '2020-01-01T00:00:00Z',
      };
      expect(await this.admin.patch(`/users/${u.id}`, change), 200);
      Object.assign(u, { roles: s.roles, position: change.position, positions: change.other_positions, department: change.department, others: change.other_departments, delegate: change.delegate });
    }
    for (const [i, s] of state.departments.entries()) {
      const lead = { manager: id(this.users, s.manager), deputies: s.deputies.map((u) => this.users[u].id) };
      expect(await this.admin.patch(`/departments/${this.departments[i].id}`, lead), 200);
      Object.assign(this.departments[i], lead);
    }
    for (const role of ROLES) expect(await this.admin.put(`/meta/access/${role}`, { objects: state.forms[role] }), 200);
    this.forms = structuredClone(state.forms);
    await this.clearRules();
    await this.put(OBJECTS.flatMap((object) => state.records[object].map((r, i) => this.request(object, i, r, mark))));
    for (const s of state.shares) await this.addShare({ ...s, record: this.records[s.object][s.record].id, with: this.found(s.with) });
    for (const rule of state.rules) await this.addRule({ ...rule, with: this.found(rule.with) });
    return this.users[state.me];
  }

  request(object, i, r, mark) {
    const body = { name: `${mark} ${object}${i}`, size: r.size, phone: r.phone };
    const id = (list, at) => (at === null ? null : list[at].id);
    if (object !== 'rgamma') Object.assign(body, { owner: id(this.users, r.owner), department: id(this.departments, r.department) });
    if (object === 'ralpha') Object.assign(body, { kind: r.kind, helpers: (r.helpers ?? []).map((u) => this.users[u].id), crew: id(this.teams, r.crew ?? null) });
    if (object === 'rbeta') body.up = r.up === null ? null : `$ralpha${r.up}.id`;
    if (object === 'rbeta') body.about = (r.about ?? null) === null ? null : { object: 'ralpha', id: `$ralpha${r.about}.id` };
    if (object === 'rgamma') body.rbeta = `$rbeta${r.rbeta}.id`;
    return { ref: `${object}${i}`, method: 'POST', path: `/${plural(object)}`, body };
  }
}
