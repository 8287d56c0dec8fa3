// SPDX-License-Identifier: Apache-2.0
// Entries pinned to the top of a record's timeline: any kind, told to all who see them, with who and when, kept as history.
import { setTimeout as sleep } from 'node:timers/promises';
import { assert, by, create, expect, expectProblem, makeUser, unique, waitForJob } from './lib.mjs';

const done = async (client, answer) => {
  const job = await waitForJob(client, answer);
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job;
};
const timeline = async (client, id, query = '') => expect(await client.get(`/accounts/${id}/timeline${query}`), 200);
const pins = async (client, id) => expect(await client.get(`/accounts/${id}/pins`), 200).items;
const keys = (items) => items.map((i) => [i.kind, i.kind === 'change' ? i.version : i.id]);

/** Messages are made in the order of what happened: what a later change tells him comes after all before it. */
async function settled(admin, person) {
  const { id } = await create(admin, 'accounts', { name: unique('之后'), owner: person.id });
  for (let i = 0; i < 300; i++) {
    if (expect(await person.client.get('/me/messages'), 200).items.some((m) => m.record?.id === id)) return;
    await sleep(50);
  }
  assert.fail('the message did not come');
}

async function scene(client) {
  const account = await create(client, 'accounts', { name: unique('置顶') });
  const about = { object: 'account', id: account.id };
  const followup = await create(client, 'followups', { about, method: 'phone', content: '要紧的话' });
  const comment = await create(client, 'comments', { about, body: '<p>注意</p>' });
  expect(await client.patch(`/accounts/${account.id}`, { description: '改' }), 200);
  return { account, about, followup, comment, path: `/accounts/${account.id}/pins` };
}

export const tests = [
  {
    name: 'follow-up, comment and change stand on top, newest pin first, until they are taken off; who and when stay',
    async run(server) {
      const client = by(server);
      const s = await scene(client);
      assert.deepEqual((await timeline(client, s.account.id)).pinned, []);
      const { version } = expect(await client.get(`/accounts/${s.account.id}`), 200);
      for (const tail of [`followup/${s.followup.id}`, `change/${version}`, 'change/1', `comment/${s.comment.id}`]) expect(await client.put(`${s.path}/${tail}`, {}), 204);
      const wanted = [['comment', s.comment.id], ['change', 1], ['change', version], ['followup', s.followup.id]];
      const first = await timeline(client, s.account.id, '?limit=2');
      assert.deepEqual(keys(first.pinned), wanted);
      assert.equal(first.pinned[3].text, '要紧的话');
      assert.deepEqual([first.pinned[1].action, first.pinned[2].changes.map((c) => c.field)], ['create', ['description']]);
      for (const p of first.pinned) assert.ok(p.pinned.at_by.title && !Number.isNaN(Date.parse(p.pinned.at)) && !p.pinned.off);
      assert.equal((await timeline(client, s.account.id, `?limit=2&after=${first.next}`)).pinned, undefined, 'told once, with the first page');
      assert.deepEqual(keys((await timeline(client, s.account.id, '?kind=change')).pinned), [['change', 1], ['change', version]]);
      expect(await client.put(`${s.path}/change/1`, {}), 204);
      assert.equal((await pins(client, s.account.id)).length, 4, 'pinned again is pinned once');
      expect(await client.delete(`${s.path}/change/1`), 204);
      expect(await client.delete(`${s.path}/change/1`), 204);
      assert.deepEqual(keys((await timeline(client, s.account.id)).pinned), wanted.filter(([, e]) => e !== 1));
      const ever = await pins(client, s.account.id);
      assert.deepEqual(keys(ever), wanted);
      assert.ok(ever[1].pinned.off_by.title && ever[1].pinned.off >= ever[1].pinned.at);
      expect(await client.put(`${s.path}/change/1`, {}), 204);
      assert.equal((await pins(client, s.account.id)).length, 5);
    },
  },
  {
    name: 'what is no entry of this timeline is refused; twenty at most',
    async run(server) {
      const client = by(server);
      const s = await scene(client);
      const other = await scene(client);
      for (const tail of [`followup/${other.followup.id}`, 'followup/1', `comment/${s.followup.id}`, 'change/99', 'change/x', `followup/${s.followup.id}.1`, `change/1.${other.account.id}`, `weather/${s.followup.id}`]) {
        expectProblem(await client.put(`${s.path}/${tail}`, {}), 404, 'not_found');
      }
      for (let i = 0; i < 20; i++) {
        const made = await create(client, 'comments', { about: s.about, body: `<p>${i}</p>` });
        expect(await client.put(`${s.path}/comment/${made.id}`, {}), 204);
      }
      expect(await client.put(`${s.path}/followup/${s.followup.id}`, {}), 422);
      assert.equal((await timeline(client, s.account.id)).pinned.length, 20);
      const [newest] = (await timeline(client, s.account.id)).pinned;
      expect(await client.delete(`/comments/${newest.id}`), 204);
      assert.equal((await timeline(client, s.account.id)).pinned.length, 19, 'what is deleted does not show');
      expect(await client.post(`/comments/${newest.id}/restore`, {}), 200);
      assert.equal((await timeline(client, s.account.id)).pinned[0].id, newest.id);
    },
  },
  {
    name: 'who may change the record pins; each sees what he may read; followers are not told; the version stays',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const reader = await makeUser(server, ['seller']);
      const s = await scene(seller.client);
      const task = await create(admin, 'tasks', { subject: '别人的', about: s.about });
      expectProblem(await reader.client.put(`${s.path}/followup/${s.followup.id}`, {}), 404, 'not_found');
      expect(await admin.post(`/accounts/${s.account.id}/share`, { with: [{ user: reader.id }], level: 'read' }), 204);
      await settled(admin, reader);
      expect(await reader.client.put(`/me/marks/follow/accounts/${s.account.id}`), 204);
      expectProblem(await reader.client.put(`${s.path}/followup/${s.followup.id}`, {}), 403, 'forbidden');
      const { version } = expect(await admin.get(`/accounts/${s.account.id}`), 200);
      expect(await admin.put(`${s.path}/task/${task.id}`, {}), 204);
      expectProblem(await seller.client.put(`${s.path}/task/${task.id}`, {}), 404, 'not_found');
      expect(await seller.client.put(`${s.path}/comment/${s.comment.id}`, {}), 204);
      assert.deepEqual(keys((await timeline(admin, s.account.id)).pinned), [['comment', s.comment.id], ['task', task.id]]);
      for (const client of [seller.client, reader.client]) assert.deepEqual(keys((await timeline(client, s.account.id)).pinned), [['comment', s.comment.id]]);
      assert.deepEqual(keys(await pins(reader.client, s.account.id)), [['comment', s.comment.id]]);
      expectProblem(await reader.client.delete(`${s.path}/comment/${s.comment.id}`), 403, 'forbidden');
      assert.equal(expect(await admin.get(`/accounts/${s.account.id}`), 200).version, version);
      await settled(admin, reader);
      assert.deepEqual(expect(await reader.client.get('/me/messages'), 200).items.filter((m) => m.kind === 'follow'), []);
    },
  },
  {
    name: 'a merge takes pins along, its undo gives them back',
    async run(server) {
      const client = by(server);
      const keep = await scene(client);
      const lost = await scene(client);
      for (const tail of [`followup/${lost.followup.id}`, 'change/1']) expect(await client.put(`${lost.path}/${tail}`, {}), 204);
      expect(await client.put(`${keep.path}/change/1`, {}), 204);
      const merged = await done(client, await client.post('/accounts/merge', { keep: keep.account.id, merge: [lost.account.id] }));
      const now = (await timeline(client, keep.account.id)).pinned;
      assert.deepEqual(now.map((p) => [p.kind, p.merged_from?.id]), [['change', undefined], ['change', lost.account.id], ['followup', undefined]]);
      expect(await client.delete(`${keep.path}/change/1.${lost.account.id}`), 204);
      assert.equal((await timeline(client, keep.account.id)).pinned.length, 2);
      expect(await client.put(`${keep.path}/change/1.${lost.account.id}`, {}), 204);
      await done(client, await client.post(`/batches/${merged.batch}/undo`));
      assert.deepEqual(keys((await timeline(client, keep.account.id)).pinned), [['change', 1]]);
      assert.deepEqual(keys((await timeline(client, lost.account.id)).pinned), [['followup', lost.followup.id]], 'the other pin was taken off after the merge');
    },
  },
];
