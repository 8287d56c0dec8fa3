// SPDX-License-Identifier: Apache-2.0
// kill -9 in the middle of a merge and of its undo: all of a merge has happened or nothing of it, it is done once, and the
// undo goes on until all is back.
//
// A customer with CONTACTS (3000) contacts, a share and a follower is merged into another and taken back, again and again; the
// worker process is killed at a random moment of each, until KILLS (2) merges and as many undos were not done yet then; the
// parent starts it again. What is found right after each start must be whole: of a merge never a part of the contacts.
import { Server, sleep } from '../lib/server.mjs';
import { checks, jobEnd, patiently, worker } from '../lib/killed.mjs';

const KILLS = Number(process.env.KILLS ?? 2);
const CONTACTS = Number(process.env.CONTACTS ?? 3000);
const ROUNDS = 8; // at most
const { check, end } = checks();
const server = await Server.create({});
const ask = (method, path, body) => patiently(() => server.request(method, `/api/v1${path}`, body), path);

async function make(path, body) {
  const answer = await ask('POST', path, body);
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.body;
}

const contactsOf = async (id, more = '') => (await ask('GET', `/contacts?limit=1&count=exact&filter=${encodeURIComponent(`account = "${id}"${more}`)}`)).body.count.value;
const shown = (account) => ask('GET', `/accounts/${account.id}`);

async function scene() {
  const keep = await make('/accounts', { name: 'merge9 kept' }), lose = await make('/accounts', { name: 'merge9 lost', short_name: 'nine' });
  for (let i = 0; i < CONTACTS; i += 100) {
    await make('/batch', { requests: Array.from({ length: Math.min(100, CONTACTS - i) }, (_, k) => ({ method: 'POST', path: '/contacts', body: { name: `merge9 ${i + k}`, account: lose.id } })) });
  }
  const users = (await ask('GET', '/users?limit=1')).body.items;
  await ask('POST', `/accounts/${lose.id}/share`, { with: [{ user: users[0].id }] });
  await ask('PUT', `/me/marks/follow/accounts/${lose.id}`);
  return { keep, lose };
}

const merge = ({ keep, lose }) => ask('POST', '/accounts/merge', { keep: keep.id, merge: [lose.id] });

/** Kills once at a random moment of the time that it took undisturbed; `whole` is asked after the start. `caught`: it ended after that. */
async function killed(location, took, whole) {
  const pid = await worker(server);
  await sleep(Math.random() * took);
  const at = Date.now();
  process.kill(pid, 'SIGKILL');
  await ask('GET', '/me');
  await whole();
  const job = await jobEnd(server, location);
  return { caught: Date.parse(job.finished_at) > at, job };
}

async function timed(start) {
  const began = Date.now();
  const answer = await start();
  const job = await jobEnd(server, answer.headers.location);
  if (job.status !== 'done') throw new Error(JSON.stringify(job));
  return { job, took: Date.now() - began };
}

const shares = async (account) => (await ask('GET', `/accounts/${account.id}/shares`)).body.items?.length ?? 0;
const follows = async () => (await ask('GET', '/me/marks')).body.follow.map((m) => m.id).join();

/** Right after a start: all contacts at one of both, and the lost one there as long as it has some. */
async function isWhole({ keep, lose }) {
  const [there, here] = [await contactsOf(lose.id), await contactsOf(keep.id)];
  if (here === CONTACTS) return there === 0;
  return there === CONTACTS || await contactsOf(keep.id) === CONTACTS; // done between the two questions
}

async function mergeKilled(s, took, version) {
  const before = (await shown(s.keep)).body.version;
  const { caught, job } = await killed((await merge(s)).headers.location, took, async () => check(await isWhole(s), 'no half of a merge is found'));
  check(job.status === 'done', `the merge: ${JSON.stringify(job)}`);
  check(await contactsOf(s.keep.id, ` and version = ${version}`) === CONTACTS && await contactsOf(s.lose.id) === 0, 'all contacts are moved, each written once');
  const kept = (await shown(s.keep)).body;
  check(kept.version === before + 1 && kept.short_name === 'nine', `the kept one was written once: ${before}, ${kept.version}`);
  check((await shown(s.lose)).body.merged_into === s.keep.id, 'the lost id leads on');
  check(await shares(s.keep) === 1 && await follows() === s.keep.id, 'share and follower are moved');
  return { caught, batch: job.batch };
}

async function undoKilled(s, batch, took, version) {
  const { caught, job } = await killed((await ask('POST', `/batches/${batch}/undo`)).headers.location, took, async () => {});
  check(job.status === 'done' && job.result.skipped.length === 0, `the undo: ${JSON.stringify(job)}`);
  check(await contactsOf(s.lose.id, ` and version = ${version}`) === CONTACTS && await contactsOf(s.keep.id) === 0, 'each contact is back, written once');
  check((await shown(s.lose)).body.short_name === 'nine' && (await shown(s.keep)).body.short_name === null, 'both are as before');
  check(await shares(s.keep) === 0 && await shares(s.lose) === 1 && await follows() === s.lose.id, 'share and follower are back');
  return caught;
}

let told;
try {
  const s = await scene();
  const first = await timed(() => merge(s));
  const back = await timed(() => ask('POST', `/batches/${first.job.batch}/undo`));
  check(await contactsOf(s.lose.id) === CONTACTS, 'undisturbed, the undo gives all back');
  let kills = 0, more = 0, version = 3; // of a contact: made, moved, back
  for (let round = 0; round < ROUNDS && (kills < KILLS || more < KILLS); round++, version += 2) {
    const merged = await mergeKilled(s, first.took, version + 1);
    kills += merged.caught;
    more += await undoKilled(s, merged.batch, back.took, version + 2);
  }
  check(kills > 0 && more > 0, `killed in the middle: ${kills} merges, ${more} undos`);
  const doctor = JSON.parse(server.command('doctor', '--json')).problems.filter((p) => p.check !== 'search');
  check(doctor.length === 0, `doctor: ${JSON.stringify(doctor)}`);
  told = `merge9: ${kills} kills while ${CONTACTS} contacts were moved (${first.took} ms undisturbed), ${more} while they came back (${back.took} ms)`;
} finally {
  await server.stop();
}
end(told);
