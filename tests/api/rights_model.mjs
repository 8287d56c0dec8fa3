// SPDX-License-Identifier: Apache-2.0
// The naive reference of rights: decides record by record what a person may do, straight from the words of
// docs/admin/rights.md, without sets, indexes or caches. States are generated from a seed.

export class Dice {
  constructor(seed) { this.seed = (seed * 2654435761 + 12345) >>> 0; }
  next(n) {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.seed / 4294967296) * n);
  }
  pick(list) { return list[this.next(list.length)]; }
  chance(percent) { return this.next(100) < percent; }
}

export const SCOPES = ['none', 'own', 'collaborators', 'department', 'department_below', 'all'];
export const ACTIONS = ['read', 'update', 'delete', 'export', 'share', 'transfer', 'bulk'];
export const ROLES = ['presales', 'marketing', 'finance'];
export const OBJECTS = ['ralpha', 'rbeta', 'rgamma'];
const RIGHTS = ['hidden', 'masked', 'read', 'write'];

// Expressions with what they mean; `alphas` are the records behind links.
const EXPRESSIONS = {
  ralpha: [
    ['size > 5', (r) => r.size > 5],
    ['owner = me() and size < 8', (r, me) => r.owner === me.id && r.size < 8],
    ['size in (1, 2, 3)', (r) => [1, 2, 3].includes(r.size)],
    ['kind = "deal"', (r) => r.kind === 'deal'], // by record type
    ['kind in ("lease") and owner = me()', (r, me) => r.kind === 'lease' && r.owner === me.id],
  ],
  rbeta: [
    ['size > 6', (r) => r.size > 6],
    ['up.size > 4', (r, me, world) => r.up !== null && world.record('ralpha', r.up).size > 4],
    ['up is null', (r) => r.up === null],
  ],
  rgamma: [['size = 4', (r) => r.size === 4]],
};

const meaning = (object, text) => EXPRESSIONS[object].find(([t]) => t === text)[1];

export function randomForm(dice, object) {
  const form = {};
  for (const action of ACTIONS) {
    form[action] = action === 'read' && dice.chance(60) ? dice.pick(SCOPES.slice(1)) : dice.pick(SCOPES);
    if (dice.chance(12)) form[action] = { expr: dice.pick(EXPRESSIONS[object])[0] };
  }
  form.create = false;
  form.import = false;
  form.fields = dice.chance(50) ? { phone: dice.pick(RIGHTS) } : {};
  return form;
}

// ---- whose people, departments, records are
const departmentsOf = (world, me) => new Set([
  me.department, ...me.others,
  ...world.departments.filter((d) => d.manager === me.id || d.deputies.includes(me.id)).map((d) => d.id),
]);

function below(world, own) {
  const all = new Set(own);
  for (let grown = true; grown;) {
    grown = false;
    for (const d of world.departments) if (d.parent && all.has(d.parent) && !all.has(d.id)) { all.add(d.id); grown = true; }
  }
  return all;
}

const ownersOf = (world, me) => new Set([me.id, ...world.users.filter((u) => u.delegate === me.id).map((u) => u.id)]);

/** Own ones, and those that one's positions bring while they are in use. */
const rolesOf = (world, me) => [...new Set([...me.roles, ...world.positions.filter((p) => p.active && (p.id === me.position || me.positions.includes(p.id))).flatMap((p) => p.roles)])];
const forms = (world, me, object) => rolesOf(world, me).map((role) => world.forms[role][object]);

export function scopeOf(world, me, object, action) {
  return Math.max(0, ...forms(world, me, object).map((form) => SCOPES.indexOf(form[action])).filter((i) => i >= 0));
}

export const expressionsOf = (world, me, object, action) => forms(world, me, object).map((form) => form[action]?.expr).filter(Boolean);

export const maySome = (world, me, object, action) => scopeOf(world, me, object, action) > 0 || expressionsOf(world, me, object, action).length > 0;

function covers(world, me, record, scope) {
  if (scope === 0) return false;
  if (ownersOf(world, me).has(record.owner)) return true;
  if (scope < SCOPES.indexOf('department')) return false;
  const own = departmentsOf(world, me);
  const reach = scope === SCOPES.indexOf('department_below') ? below(world, own) : own;
  if (record.owner !== null) return reach.has(world.user(record.owner).department);
  return record.department !== null && reach.has(record.department);
}

// world.forgets: a kind of principal that the reference is to know nothing of, so that the test of the test has a wrong one.
const isFor = (world, me, to) => !(world.forgets in to) && principal(world, me, to);

const principal = (world, me, to) => to.everyone === true
  || (to.user !== undefined && ownersOf(world, me).has(to.user))
  || (to.team !== undefined && world.teams.find((t) => t.id === to.team).members.includes(me.id))
  || (to.department !== undefined && departmentsOf(world, me).has(to.department))
  || (to.role !== undefined && rolesOf(world, me).includes(world.roleCode(to.role)));

function isShared(world, me, object, record, action, scope) {
  if (action !== 'read' && action !== 'update' && scope < SCOPES.indexOf('collaborators')) return false;
  const enough = (share) => action === 'read' || share.level === 'edit';
  const named = (record.helpers ?? []).some((user) => isFor(world, me, { user })) || (action === 'read' && record.crew && isFor(world, me, { team: record.crew }));
  return named || world.shares.some((s) => s.object === object && s.record === record.id && enough(s) && isFor(world, me, s.with))
    || world.rules.some((r) => r.object === object && enough(r) && isFor(world, me, r.with) && meaning(object, r.when)(record, me, world));
}

// One object's own condition with a given scope; a line comes here for its parent.
function meets(world, me, object, record, action, scope) {
  const self = object === 'rgamma'
    ? scope > 0 && meets(world, me, 'rbeta', world.record('rbeta', record.rbeta), action, scope)
    : covers(world, me, record, scope);
  if (self) return true;
  if (object !== 'rgamma' && isShared(world, me, object, record, action, scope)) return true;
  if (expressionsOf(world, me, object, action).some((text) => meaning(object, text)(record, me, world))) return true;
  return action === 'read' && object === 'rbeta' && [record.up, record.about ?? null].some((id) => id !== null && may(world, me, 'ralpha', world.record('ralpha', id), 'read'));
}

export function may(world, me, object, record, action) {
  const scope = scopeOf(world, me, object, action);
  if (scope === SCOPES.indexOf('all')) return true;
  if (!maySome(world, me, object, action)) return false;
  return meets(world, me, object, record, action, scope);
}

// What the person may know of the phone number: of the roles that read the object the greatest right.
export function phoneRight(world, me, object) {
  let best = 0;
  for (const form of forms(world, me, object)) {
    if (form.read === 'none') continue;
    best = Math.max(best, RIGHTS.indexOf(form.fields.phone ?? 'write'));
  }
  return RIGHTS[best];
}

export function masked(phone) {
  const head = phone.startsWith('+') ? 6 : 3;
  return phone.slice(0, head) + '*'.repeat(phone.length - head - 4) + phone.slice(-4);
}
