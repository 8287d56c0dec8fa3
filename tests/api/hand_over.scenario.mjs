// SPDX-License-Identifier: Apache-2.0
// Somebody leaves: everything that is theirs becomes another's, told before, reported after, taken back as one.
import { assert, by, create, expect, expectProblem, makeUser, unique, waitForJob } from './lib.mjs';

async function scene(server) {
  const admin = by(server);
  const mark = unique('leaver');
  const away = await create(admin, 'departments', { name: unique('dep') });
  const home = await create(admin, 'departments', { name: unique('dep') });
  const leaver = await makeUser(server, ['seller', 'marketing'], { department: home.id });
  const heir = await makeUser(server, ['seller'], { department: away.id });
  const third = await makeUser(server, ['seller']);
  const accounts = [];
  for (const name of ['a', 'b', 'c']) accounts.push(await create(leaver.client, 'accounts', { name: `${mark} ${name}` }));
  const open = await create(leaver.client, 'tasks', { subject: `${mark} open`, owner: leaver.id });
  const done = await create(leaver.client, 'tasks', { subject: `${mark} done`, owner: leaver.id, status: 'done' });
  const others = await create(third.client, 'accounts', { name: `${mark} shared` });
  expect(await third.client.post(`/accounts/${others.id}/share`, { with: [{ user: leaver.id }], level: 'edit', as: 'collaborator' }), 204);
  expect(await admin.patch(`/departments/${home.id}`, { manager: leaver.id, deputies: [leaver.id, third.id] }), 200);
  const team = await create(admin, 'teams', { name: unique('team'), leader: leaver.id });
  const both = await create(admin, 'teams', { name: unique('team') });
  await create(admin, 'team_members', { team: team.id, user: leaver.id });
  await create(admin, 'team_members', { team: both.id, user: leaver.id });
  await create(admin, 'team_members', { team: both.id, user: heir.id });
  expect(await admin.patch(`/users/${third.id}`, { manager: leaver.id, delegate: leaver.id, delegate_from: '2020-01-01T00:00:00Z' }), 200);
  expect(await admin.patch(`/users/${heir.id}`, { manager: leaver.id }), 200);
  const view = expect(await leaver.client.post('/me/views', { object: 'account', label: { en: mark, 'zh-CN': mark }, kind: 'table', filter: `name starts "${mark}"`, shared_with: ['all'] }), 201);
  return { admin, mark, leaver, heir, third, accounts, open, done, others, home, away, team, both, view };
}

const members = async (admin, team) => expect(await admin.get(`/team_members?filter=${encodeURIComponent(`team = "${team.id}"`)}`), 200).items.map((item) => item.user.id).sort();
const owner = async (admin, plural, id) => expect(await admin.get(`/${plural}/${id}`), 200).owner?.id ?? null;

async function state(s) {
  const department = expect(await s.admin.get(`/departments/${s.home.id}`), 200);
  const third = expect(await s.admin.get(`/users/${s.third.id}`), 200);
  const heir = expect(await s.admin.get(`/users/${s.heir.id}`), 200);
  const shares = expect(await s.admin.get(`/accounts/${s.others.id}/shares`), 200).items.map((item) => [item.user?.id, item.level, item.source]);
  return {
    accounts: await Promise.all(s.accounts.map((a) => owner(s.admin, 'accounts', a.id))),
    tasks: [await owner(s.admin, 'tasks', s.open.id), await owner(s.admin, 'tasks', s.done.id)],
    manager: department.manager?.id, deputies: department.deputies.map((d) => d.id).sort(),
    leader: expect(await s.admin.get(`/teams/${s.team.id}`), 200).leader?.id,
    team: await members(s.admin, s.team), both: await members(s.admin, s.both),
    third: [third.manager?.id, third.delegate?.id], heir: heir.manager?.id ?? null, shares,
    status: expect(await s.admin.get(`/users/${s.leaver.id}`), 200).status,
  };
}

async function run(s, body) {
  const answer = await s.admin.post(`/users/${s.leaver.id}/hand-over`, body);
  assert.equal(answer.status, 202, answer.text);
  const job = await waitForJob(s.admin, answer);
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job;
}

export const tests = [
  {
    name: 'told before, moved, reported, undone as one',
    async run(server) {
      const s = await scene(server);
      const before = await state(s);
      const told = expect(await s.admin.post(`/users/${s.leaver.id}/hand-over`, { to: s.heir.id, dry_run: true }), 200);
      assert.equal(told.total, told.parts.filter((part) => part.way !== 'leave').reduce((sum, part) => sum + part.count, 0));
      const stays = expect(await s.admin.post(`/users/${s.leaver.id}/hand-over`, { to: s.heir.id, dry_run: true, parts: { account: { leave: true } } }), 200);
      assert.equal(stays.total, told.total - told.parts.find((part) => part.part === 'account').count, 'what stays is not counted');
      const part = (name) => told.parts.find((p) => p.part === name);
      assert.equal(part('account').count, 3);
      assert.equal(part('account').samples.length, 3);
      assert.equal(part('account').to.id, s.heir.id);
      assert.equal(part('task').count, 1); // what is done stays
      for (const name of ['department.manager', 'department.deputies', 'team.leader', 'team_member.user', 'user.manager', 'user.delegate']) assert.ok(part(name), name);
      assert.deepEqual(told.steps.map((step) => [step.part, step.count]), [['shares', 1], ['views', 1]]);
      assert.deepEqual(await state(s), before); // nothing was done
      const job = await run(s, { to: s.heir.id, deactivate: true });
      assert.equal(job.result.failed, 0, JSON.stringify(job.result));
      assert.equal(job.result.parts.find((p) => p.part === 'account').moved, 3);
      assert.deepEqual(job.result.steps, [{ part: 'shares', moved: 1 }, { part: 'views', moved: 1 }]);
      const { leaver, heir, third } = s;
      assert.deepEqual(await state(s), {
        accounts: [heir.id, heir.id, heir.id], tasks: [heir.id, leaver.id], manager: heir.id, deputies: [heir.id, third.id].sort(), leader: heir.id,
        team: [heir.id], both: [heir.id], third: [heir.id, heir.id], heir: null, shares: [[heir.id, 'edit', 'collaborator']], status: 'left',
      });
      const account = expect(await s.admin.get(`/accounts/${s.accounts[0].id}`), 200);
      assert.equal(account.department.id, s.away.id);
      assert.ok(expect(await s.admin.get(`/users/${leaver.id}`), 200).handed_over_at);
      assert.equal((await leaver.client.get('/me')).status, 401);
      expect(await heir.client.patch(`/accounts/${s.others.id}`, { short_name: 'mine' }), 200); // a collaborator now
      const view = expect(await heir.client.get('/me/views'), 200).items.find((item) => item.view === s.view.view);
      assert.equal(view.owner.id, heir.id, JSON.stringify(view));
      const history = expect(await s.admin.get(`/accounts/${s.accounts[0].id}/history`), 200).items[0];
      assert.equal(history.batch, job.batch);
      const undone = await waitForJob(s.admin, await s.admin.post(`/batches/${job.batch}/undo`));
      assert.equal(undone.status, 'done');
      assert.equal(undone.result.skipped_count, 0, JSON.stringify(undone.result));
      assert.deepEqual(await state(s), before);
    },
  },
  {
    name: 'to a pool, to several people, left: part by part',
    async run(server) {
      const s = await scene(server);
      const pool = await create(s.admin, 'pools', { name: unique('pool'), object: 'account', is_active: true });
      const lead = await create(s.leaver.client, 'leads', { name: `${s.mark} lead`, source: 'other' });
      const job = await run(s, {
        to: s.heir.id,
        parts: { account: { pool: pool.id }, lead: { to: s.third.id }, task: { to: s.third.id, closed: true }, 'team.leader': { leave: true }, shares: { leave: true } },
      });
      assert.equal(job.result.parts.find((p) => p.part === 'account').pooled, 3, JSON.stringify(job.result));
      for (const a of s.accounts) {
        const now = expect(await s.admin.get(`/accounts/${a.id}`), 200);
        assert.deepEqual([now.owner, now.pool.id, now.pool_reason, now.previous_owner.id], [null, pool.id, 'owner_left', s.leaver.id]);
      }
      assert.equal(await owner(s.admin, 'leads', lead.id), s.third.id);
      assert.deepEqual(await Promise.all([s.open, s.done].map((t) => owner(s.admin, 'tasks', t.id))), [s.third.id, s.third.id]);
      const now = await state(s);
      assert.equal(now.leader, s.leaver.id);
      assert.deepEqual(now.shares, [[s.leaver.id, 'edit', 'collaborator']]);
      assert.equal(now.status, 'active');
    },
  },
  {
    name: 'what cannot be is said at its place; only with the right',
    async run(server) {
      const s = await scene(server);
      const ask = (body, client = s.admin) => client.post(`/users/${s.leaver.id}/hand-over`, body);
      const fields = async (body) => expectProblem(await ask(body), 422, 'validation').errors.map((e) => e.field);
      assert.deepEqual(await fields({}), ['to']);
      assert.deepEqual(await fields({ to: s.leaver.id }), ['to']);
      assert.deepEqual(await fields({ to: s.heir.id, colour: 1 }), ['colour']);
      assert.deepEqual(await fields({ to: s.heir.id, deactivate: 'yes' }), ['deactivate']);
      assert.deepEqual(await fields({ to: s.heir.id, parts: { unicorn: { leave: true } } }), ['parts.unicorn']);
      assert.deepEqual(await fields({ to: s.heir.id, parts: { task: { pool: true } } }), ['parts.task']);
      assert.deepEqual(await fields({ to: s.heir.id, parts: { account: { to: s.third.id, leave: true } } }), ['parts.account']);
      assert.deepEqual(await fields({ to: s.heir.id, parts: { account: { pool: '424242' } } }), ['parts.account']);
      assert.deepEqual(await fields({ to: s.heir.id, parts: { shares: { to: s.third.id } } }), ['parts.shares']);
      expect(await s.admin.patch(`/users/${s.third.id}`, { status: 'left' }), 200);
      assert.deepEqual(await fields({ to: s.third.id }), ['to']);
      expectProblem(await ask({ to: s.heir.id, dry_run: true }, s.leaver.client), 403, 'forbidden');
      expectProblem(await s.admin.post('/users/424242/hand-over', { to: s.heir.id }), 404, 'not_found');
    },
  },
];
