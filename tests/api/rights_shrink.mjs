// SPDX-License-Identifier: Apache-2.0
// A failing case of the property test of rights made small: whatever can go without the case beginning to pass goes: persons, roles,
// rules, shares, records, links, rights. What is left is printed as a state and the command that runs it.
import assert from 'node:assert/strict';
import { wholeCase } from './rights_compare.mjs';
import { ACTIONS, OBJECTS, ROLES } from './rights_model.mjs';

// Takes the first reduction that still fails and begins anew behind it, until none does.
export async function shrink(state, reductions, failing) {
  let small = state;
  for (let shorter = true; shorter;) {
    shorter = false;
    for (let i = 0, list = reductions(small); i < list.length; i++) {
      const next = list[i](small);
      if (!next || !(await failing(next))) continue;
      small = next;
      shorter = true;
      list = reductions(small);
      i = Math.min(i, list.length) - 1;
    }
  }
  return small;
}

const changed = (state, change) => {
  const next = structuredClone(state);
  change(next);
  return JSON.stringify(next) === JSON.stringify(state) ? null : next;
};
const NONE = Object.fromEntries([...ACTIONS.map((a) => [a, 'none']), ['create', false], ['import', false], ['fields', {}]]);

// The record goes, and what refers to it: shares, lines, links.
function withoutRecord(s, object, at) {
  const later = (i) => (i === at ? null : i > at ? i - 1 : i);
  s.records[object].splice(at, 1);
  s.shares = s.shares.filter((x) => x.object !== object || x.record !== at).map((x) => (x.object === object ? { ...x, record: later(x.record) } : x));
  if (object === 'ralpha') for (const r of s.records.rbeta) for (const link of ['up', 'about']) r[link] = (r[link] ?? null) === null ? null : later(r[link]);
  if (object === 'rbeta') {
    s.records.rgamma = s.records.rgamma.filter((r) => r.rbeta !== at);
    for (const r of s.records.rgamma) r.rbeta = later(r.rbeta);
  }
}

// Nobody asks for the person, nothing is his. People and departments stay in the directory: others stand by their place.
function withoutPerson(s, i) {
  s.users[i] = { roles: [], position: null, positions: [], department: 0, others: [], delegate: null };
  for (const u of s.users) if (u.delegate === i) u.delegate = null;
  for (const d of s.departments) Object.assign(d, { manager: d.manager === i ? null : d.manager, deputies: d.deputies.filter((u) => u !== i) });
  for (const object of OBJECTS) for (const r of s.records[object]) Object.assign(r, { owner: r.owner === i ? null : r.owner, helpers: (r.helpers ?? []).filter((u) => u !== i) });
  s.shares = s.shares.filter((x) => x.with.user !== i);
  s.rules = s.rules.filter((x) => x.with.user !== i);
}

export function reductions(state) {
  const list = [];
  const add = (change) => list.push((s) => changed(s, change));
  state.users.forEach((_, i) => { if (i !== state.me) add((s) => withoutPerson(s, i)); });
  state.rules.forEach((_, i) => add((s) => s.rules.splice(i, 1)));
  for (const role of ROLES) add((s) => { for (const u of s.users) u.roles = u.roles.filter((r) => r !== role); });
  for (const role of ROLES) for (const object of OBJECTS) add((s) => { s.forms[role][object] = structuredClone(NONE); });
  for (const object of ['rgamma', 'rbeta', 'ralpha']) state.records[object].forEach((_, i) => add((s) => withoutRecord(s, object, state.records[object].length - 1 - i)));
  state.shares.forEach((_, i) => add((s) => s.shares.splice(i, 1)));
  for (const role of ROLES) for (const object of OBJECTS) {
    for (const action of ACTIONS) add((s) => { s.forms[role][object][action] = 'none'; });
    add((s) => { s.forms[role][object].fields = {}; });
  }
  state.positions.forEach((_, i) => add((s) => { s.positions[i].roles = []; }));
  state.users.forEach((_, i) => { add((s) => { s.users[i].position = null; }); add((s) => { s.users[i].positions = []; }); add((s) => { s.users[i].others = []; }); add((s) => { s.users[i].delegate = null; }); });
  state.departments.forEach((_, i) => { add((s) => { s.departments[i].manager = null; }); add((s) => { s.departments[i].deputies = []; }); });
  for (const object of OBJECTS) state.records[object].forEach((_, i) => {
    add((s) => { s.records[object][i].owner = null; });
    if (object === 'rbeta') for (const link of ['up', 'about']) add((s) => { s.records[object][i][link] = null; });
    if (object === 'ralpha') for (const [link, none] of [['helpers', []], ['crew', null]]) add((s) => { s.records[object][i][link] = none; });
  });
  return list;
}

let tries = 0;

// What the comparisons say of the state: null, or the failed one. Anything else than a difference is not what is looked for.
export async function fails(w, state) {
  const mark = `shrunk${tries++}zz`;
  const me = await w.realise(state, mark);
  try {
    await wholeCase(w, me, mark);
    return null;
  } catch (error) {
    if (error instanceof assert.AssertionError) return error;
    throw error;
  }
}

export const shrinkCase = (w, state) => shrink(state, reductions, (next) => fails(w, next));

export function explain(state, error) {
  const why = error ? `it fails with: ${error.message}` : 'not made smaller: it does not fail again from its state alone';
  return `${why}\nRIGHTS_STATE='${JSON.stringify(state)}' node tests/api/run.mjs rights`;
}
