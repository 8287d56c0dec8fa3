// SPDX-License-Identifier: Apache-2.0
// What a merge does beside the record's own values: history joined, the past as it was, shares, marks, link records.
import { assert, by, create, expect, makeUser, unique, waitForJob } from './lib.mjs';

const q = encodeURIComponent;
const done = async (client, answer) => {
  const job = await waitForJob(client, answer);
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job;
};
const firm = (admin, more = {}) => create(admin, 'accounts', { name: unique('合并'), ...more });
const merge = async (admin, keep, ...lose) => done(admin, await admin.post('/accounts/merge', { keep: keep.id, merge: lose.map((l) => l.id) }));
const undo = async (admin, job) => done(admin, await admin.post(`/batches/${job.batch}/undo`));
const share = async (admin, verb, record, values) => expect(await admin.post(`/accounts/${record.id}/${verb}`, values), 204);
const soundShares = (server) => assert.deepEqual(JSON.parse(server.command('doctor', '--json')).problems.filter((p) => p.check !== 'search'), []);

export const tests = [
  {
    name: 'the history of the kept record tells the changes of those merged into it, marked, page by page, to who could read them',
    async run(server) {
      const admin = by(server);
      const keep = await firm(admin), lose = await firm(admin), first = await firm(admin);
      const gone = [];
      for (const phone of ['01011110001', '01011110002', '01011110003']) {
        expect(await admin.patch(`/accounts/${lose.id}`, { phone }), 200);
        expect(await admin.patch(`/accounts/${keep.id}`, { phone: phone.replace('010', '020') }), 200);
        gone.push(phone);
      }
      expect(await admin.patch(`/accounts/${first.id}`, { short_name: '先' }), 200);
      const before = new Date().toISOString();
      await merge(admin, lose, first); // by way of another
      const job = await merge(admin, keep, lose);
      const history = async (id = keep.id, limit = 50, client = admin) => {
        const all = [];
        for (let after = ''; after !== null;) {
          const page = expect(await client.get(`/accounts/${id}/history?limit=${limit}${after && `&after=${after}`}`), 200);
          all.push(...page.items);
          after = page.next;
        }
        return all;
      };
      const all = await history();
      const of = (id) => all.filter((i) => (i.merged_from?.id ?? keep.id) === id);
      assert.deepEqual(of(keep.id).map((i) => i.version), [5, 4, 3, 2, 1]);
      assert.equal(of(keep.id)[0].cause, 'merge');
      assert.deepEqual(of(lose.id).map((i) => [i.version, i.action]), [[5, 'update'], [4, 'update'], [3, 'update'], [2, 'update'], [1, 'create']]);
      assert.deepEqual(of(first.id).map((i) => [i.version, i.merged_from.title]), [[2, first.name], [1, first.name]]);
      assert.deepEqual(of(lose.id).slice(1, 4).map((i) => i.changes.find((c) => c.field === 'phone').new), gone.toReversed());
      assert.equal(of(lose.id)[2].changes.find((c) => c.field === 'phone').old, gone[0]); // against its own version before
      assert.deepEqual(all.map((i) => i.at), all.map((i) => i.at).toSorted().toReversed());
      const short = (items) => items.map((i) => [i.merged_from?.id, i.version, i.action, i.changes]);
      assert.deepEqual(short(await history(keep.id, 1)), short(all)); // each once, whatever the page
      assert.deepEqual(short(await history(keep.id, 3)), short(all));
      const timeline = [];
      for (let after = ''; after !== null;) {
        const page = expect(await admin.get(`/accounts/${keep.id}/timeline?kind=change&limit=2${after && `&after=${after}`}`), 200);
        timeline.push(...page.items);
        after = page.next;
      }
      assert.deepEqual(timeline.map((i) => [i.merged_from?.id, i.version]), all.map((i) => [i.merged_from?.id, i.version]));
      // who may not read what became part of it is told nothing of it
      const seller = await makeUser(server, ['seller']);
      const mine = by(server, seller.key);
      expect(await admin.patch(`/accounts/${keep.id}`, { owner: seller.id }), 200);
      assert.deepEqual((await history(keep.id, 50, mine)).filter((i) => i.merged_from), []);
      // the past is as it was
      const past = (id, at) => admin.get(`/accounts/${id}?as_of=${q(at)}`);
      assert.equal(expect(await past(keep.id, before), 200).phone, gone[2].replace('010', '020'));
      assert.equal(expect(await past(lose.id, before), 200).phone, gone[2]);
      assert.equal(expect(await past(first.id, before), 200).short_name, '先');
      const after = new Date().toISOString();
      assert.equal(expect(await past(keep.id, after), 200).short_name, '先');
      assert.equal((await past(lose.id, after)).status, 404);
      expect(await admin.patch(`/accounts/${keep.id}`, { owner: keep.owner.id }), 200);
      await undo(admin, job);
      assert.deepEqual((await history()).filter((i) => i.merged_from), []);
      assert.ok((await history(lose.id)).some((i) => i.merged_from?.id === first.id));
      assert.equal(expect(await past(lose.id, after), 404).code, 'not_found'); // still true of then
    },
  },
  {
    name: 'changes of one moment are told each once, whatever the page',
    async run(server) {
      const admin = by(server);
      const keep = await firm(admin), lose = await firm(admin);
      for (let i = 0; i < 12; i++) // written together, in either order
        await Promise.all((i % 2 ? [keep, lose] : [lose, keep]).map(async (r) => expect(await admin.patch(`/accounts/${r.id}`, { phone: `0101112${1000 + i}` }), 200)));
      await merge(admin, keep, lose);
      const pages = async (path) => {
        const all = [];
        for (let after = ''; after !== null;) {
          const page = expect(await admin.get(`/accounts/${keep.id}/${path}${after && `&after=${after}`}`), 200);
          all.push(...page.items.map((i) => `${i.merged_from?.id ?? keep.id} ${i.version} ${i.at}`));
          after = page.next;
        }
        return all;
      };
      const all = await pages('history?limit=100');
      assert.equal(all.length, 14 + 13);
      assert.equal(new Set(all).size, all.length);
      assert.ok(new Set(all.map((line) => line.split(' ')[2])).size < all.length, 'no two of one moment');
      for (const limit of [1, 2, 3, 5]) {
        assert.deepEqual(await pages(`history?limit=${limit}`), all, `history by ${limit}`);
        assert.deepEqual(await pages(`timeline?kind=change&limit=${limit}`), all, `timeline by ${limit}`);
      }
    },
  },
  {
    name: 'shares move, the widest right and the latest end win, followers and favourites come along; the undo gives back exactly that',
    async run(server) {
      const admin = by(server);
      const [reader, editor, lasting] = await Promise.all([1, 2, 3].map(() => makeUser(server, ['seller'])));
      const keep = await firm(admin), lose = await firm(admin), other = await firm(admin);
      const until = (days) => new Date(Date.now() + days * 86400e3).toISOString().replace(/\.\d+/, '');
      await share(admin, 'share', lose, { with: [{ user: reader.id }], level: 'read' });
      await share(admin, 'share', keep, { with: [{ user: editor.id }], level: 'read' });
      await share(admin, 'share', lose, { with: [{ user: editor.id }], level: 'edit' });
      await share(admin, 'share', keep, { with: [{ user: lasting.id }], level: 'read', until: until(1) });
      await share(admin, 'share', other, { with: [{ user: lasting.id }], level: 'read', until: until(9) });
      const client = (user) => by(server, user.key);
      expect(await client(reader).put(`/me/marks/follow/accounts/${lose.id}`), 204);
      expect(await client(editor).put(`/me/marks/follow/accounts/${lose.id}`), 204);
      expect(await client(editor).put(`/me/marks/follow/accounts/${keep.id}`), 204);
      const follows = async (user) => expect(await client(user).get('/me/marks'), 200).follow.map((m) => m.id);
      const shares = async (id) => new Map(expect(await admin.get(`/accounts/${id}/shares`), 200).items.map((i) => [i.user.id, i]));
      const seen = async (user) => expect(await client(user).get('/accounts?sort=-updated_at&limit=50&fields=id'), 200).items.map((i) => i.id);
      const ends = (await shares(keep.id)).get(lasting.id).until, later = (await shares(other.id)).get(lasting.id).until;
      const job = await merge(admin, keep, lose, other);
      const now = await shares(keep.id);
      assert.deepEqual([now.get(reader.id).level, now.get(editor.id).level, now.get(lasting.id).until], ['read', 'edit', later]);
      assert.equal(now.size, 3);
      for (const user of [reader, editor, lasting]) assert.ok((await seen(user)).includes(keep.id));
      expect(await client(editor).patch(`/accounts/${keep.id}`, { short_name: '可' }), 200);
      expect(await client(reader).patch(`/accounts/${keep.id}`, { short_name: '否' }), 403);
      assert.deepEqual([await follows(reader), await follows(editor)], [[keep.id], [keep.id]]);
      soundShares(server);
      await undo(admin, job);
      const back = await shares(keep.id);
      assert.deepEqual([back.size, back.get(editor.id).level, back.get(lasting.id).until], [2, 'read', ends]);
      assert.equal((await shares(lose.id)).get(editor.id).level, 'edit');
      assert.equal((await shares(other.id)).get(lasting.id).until, later);
      const lists = await seen(reader);
      assert.ok(lists.includes(lose.id) && !lists.includes(keep.id));
      assert.deepEqual([await follows(reader), (await follows(editor)).toSorted()], [[lose.id], [keep.id, lose.id].toSorted()]);
      soundShares(server);
    },
  },
  {
    name: 'a share that was changed after the merge is left as it is by the undo',
    async run(server) {
      const admin = by(server);
      const user = await makeUser(server, ['seller']);
      const keep = await firm(admin), lose = await firm(admin);
      await share(admin, 'share', keep, { with: [{ user: user.id }], level: 'read' });
      await share(admin, 'share', lose, { with: [{ user: user.id }], level: 'edit' });
      const job = await merge(admin, keep, lose);
      const levels = async () => expect(await admin.get(`/accounts/${keep.id}/shares`), 200).items.map((i) => i.level);
      assert.deepEqual(await levels(), ['edit']);
      await share(admin, 'share', keep, { with: [{ user: user.id }], level: 'edit' });
      await undo(admin, job);
      assert.deepEqual(await levels(), ['edit']);
    },
  },
  {
    name: 'link records that the kept one has already, or that would lead to itself, go along to the recycle bin and come back with the undo',
    async run(server) {
      const admin = by(server);
      const keep = await firm(admin), lose = await firm(admin), also = await firm(admin), third = await firm(admin);
      const relation = (account, other, kind) => create(admin, 'account_relations', { account: account.id, other: other.id, kind });
      const own = await relation(keep, third, 'subsidiary');
      const same = await relation(lose, third, 'subsidiary');
      const alike = [await relation(lose, third, 'same_controller'), await relation(also, third, 'same_controller')];
      const between = await relation(lose, keep, 'subsidiary');
      const all = async () => {
        const items = [own, same, ...alike, between].map(async (r) => {
          const answer = await admin.get(`/account_relations/${r.id}`);
          return answer.status === 200 ? [answer.body.account.id, answer.body.other.id] : answer.status;
        });
        return Promise.all(items);
      };
      const before = await all();
      const job = await merge(admin, keep, lose, also);
      assert.deepEqual(await all(), [[keep.id, third.id], 410, [keep.id, third.id], 410, 410]);
      const undone = await undo(admin, job);
      assert.deepEqual(undone.result.skipped, []);
      assert.deepEqual(await all(), before);
      soundShares(server);
    },
  },
];
