// SPDX-License-Identifier: Apache-2.0
// Rights leak nothing: generated organisations, and what every route tells one person compared with a reference
// that decides record by record (rights_model.mjs). RIGHTS_CASES cases (300), from RIGHTS_SEED (1) on. A failing case is made
// smaller as long as it goes on failing, and printed as a state that RIGHTS_STATE runs again; RIGHTS_STATE='{…}' (or the name of a file)
// node tests/api/run.mjs rights. A route that no comparison and no reason stands for fails.
import { existsSync, readFileSync } from 'node:fs';
import { assert, by, expect } from './lib.mjs';
import { oneCase, wholeCase } from './rights_compare.mjs';
import { Dice } from './rights_model.mjs';
import { explain, fails, shrinkCase } from './rights_shrink.mjs';
import { World } from './rights_world.mjs';

const CASES = Number(process.env.RIGHTS_CASES ?? 300);
const SEED = Number(process.env.RIGHTS_SEED ?? 1);
const STATE = process.env.RIGHTS_STATE;

// method path → why it is safe; what stands in no line fails
const COMPARED = [
  ['GET', '/{plural}'], ['POST', '/{plural}/query'], ['POST', '/{plural}/aggregate'], ['GET', '/{plural}/{id}'], ['PATCH', '/{plural}/{id}'], ['DELETE', '/{plural}/{id}'],
  ['GET', '/{plural}/{id}/access'], ['GET', '/{plural}/{id}/history'], ['GET', '/{plural}/{id}/related'], ['GET', '/{plural}/{id}/related/{relation}'], ['GET', '/{plural}/{id}/timeline'], ['GET', '/{plural}/{id}/verbs'], ['GET', '/{plural}/{id}/shares'],
  ['POST', '/{plural}/{id}/share'], ['POST', '/{plural}/{id}/unshare'], ['POST', '/{plural}/{id}/reveal'], ['POST', '/{plural}/{id}/restore'],
  ['POST', '/{plural}/bulk'], ['POST', '/{plural}/export'], ['GET', '/search'], ['POST', '/batch'], ['GET', '/jobs/{id}'], ['GET', '/files/{id}'],
];
const REASONS = [
  [/^(GET|POST|PUT|PATCH|DELETE) \/meta/, 'the catalogue, not records: rights of the route (meta, access scenarios)'],
  [/^\w+ \/me\/messages/, 'one\'s own messages; titles, excerpts, changes by query/ and record/ with the rights of now (messages scenario)'],
  [/^\w+ \/me\/marks/, 'one\'s own marks; titles and visibility by query/ (marks scenario)'],
  [/^(GET|PUT|DELETE) \/\{plural\}\/\{id\}\/pins/, 'entries as the timeline tells them; the right of PATCH (pins, matrix scenarios)'],
  [/^(GET|PUT|DELETE) \/\{plural\}\/\{id\}\/presence/, 'asks query_visible, names people by query/; leaving ends one\'s own row (presence scenario)'],
  [/^GET \/me\/home/, 'its cards are lists and aggregates, each the count of its filter (home scenario)'],
  [/^GET \/me\/(calendar|todo|figures)/, 'their cards are lists under the reader\'s rights; the times of meetings that are not public only (calendar scenario); figures are aggregates, each the count of its filter (figures scenario)'],
  [/^\w+ \/(me|session|api-keys|healthz|readyz|metrics|openapi\.json|access-log|doctor|limits)/, 'one\'s own account, or a right of the route'],
  [/^\w+ \/(backups|demo|move)/, 'right of the route; counts of tables; records of one object to administrators alone (restore_object)'],
  [/^\w+ \/(jobs|batches)/, 'one\'s own jobs and batches (jobs, bulk scenarios); undo writes as PATCH does'],
  [/^GET \/events/, 'asks query_visible for each event (access, sharing scenarios)'],
  [/^POST \/(files|expressions\/check)/, 'an upload is one\'s own; the sample of an expression loads its record as GET does (setup scenario)'],
  [/^POST \/\{plural\}\/conditions/, 'loads its record as GET does, tells names of visible fields only (setup, matrix scenarios)'],
  [/^POST \/users\/\{id\}\/(password|hand-over)/, 'right manage_users, hand_over; titles of a dry run are the reader\'s (hand_over scenario)'],
  [/^POST \/\{plural\}$/, 'create is yes or no (access scenario)'],
  [/^POST \/\{plural\}\/\{id\}\/\{verb\}/, 'a verb of a module loads its record as PATCH does (verbs scenario)'],
  [/^\w+ \/\{plural\}\/import/, 'import is yes or no, its keys find what is visible (import_refs, import_studio scenarios)'],
  [/^\w+ \/quality/, 'figures of all records only for who reads all of them, of fields he reads (quality scenario)'],
  [/^POST \/import/, 'administrators only (import_all scenario)'],
  [/^\w+ \/cleanup/, 'counts and samples by query/, deletes as POST /{plural}/bulk, archives as POST /{plural}/export (cleanup scenario)'],
  [/^POST \/export/, 'each object as POST /{plural}/export (archive scenario)'],
  [/^(GET|POST) \/\{plural\}\/duplicates/, 'pairs and hits are told by query_titles and query_visible, hidden ones masked; fields one may not read are not compared (duplicates scenario)'],
  [/^GET \/\{plural\}\/nearby/, 'a list whose filter is a box, by query/; the middle is loaded as GET does; objects whose place one may not read have none (nearby, visit_plan scenarios)'],
  [/^POST \/visit_routes\/plan/, 'customers are loaded as GET does, hidden ones are told like none; writes as POST /{plural} does (visit_plan scenario)'],
  [/^POST \/\{plural\}\/merge/, 'loads its records as GET does, asks the rights of PATCH and DELETE (duplicates scenario)'],
];

async function replay(server) {
  const w = new World(server);
  await w.begin();
  const state = JSON.parse(existsSync(STATE) ? readFileSync(STATE, 'utf8') : STATE);
  await wholeCase(w, await w.realise(state, 'replay0zz'), 'replay0zz');
}

async function organisations(server) {
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
    const state = w.state(me);
    try {
      await oneCase(w, me, mark, dice, i % 10 === 0);
    } catch (error) {
      const small = (await fails(w, state)) ? await shrinkCase(w, state) : null;
      throw new Error(`case ${i} (seed ${seed}): ${error.stack}\n${explain(small ?? state, small ? await fails(w, small) : null)}`);
    }
    if ((i + 1) % 100 === 0 && CASES > 300) console.log(`     rights: ${i + 1} cases, no difference`);
  }
}

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
  STATE ? { name: 'the state of RIGHTS_STATE', run: replay }
    : { name: `${CASES} organisations: what one person sees is what the reference says, through every door`, run: organisations },
];
