// SPDX-License-Identifier: Apache-2.0
// Comments on any record: seen by whoever sees the record, changed and deleted by their writer, with people mentioned as references.
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const said = async (client, plural, id) => expect(await client.get(`/${plural}/${id}/timeline?kind=comment`), 200).items;

export const tests = [
  {
    name: 'who sees the record sees its comments, with those mentioned; nobody else does',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const other = await makeUser(server, ['seller']);
      const account = await create(seller.client, 'accounts', { name: unique('评') });
      const about = { object: 'account', id: account.id };
      const comment = await create(admin, 'comments', { about, body: '<p>请跟进</p>', mentions: [seller.id] });
      const [item] = await said(seller.client, 'accounts', account.id);
      assert.deepEqual([item.id, item.text, item.mentions.map((m) => m.id), item.version], [comment.id, '请跟进', [seller.id], 1]);
      const related = expect(await seller.client.get(`/accounts/${account.id}/related/comments`), 200).items;
      assert.deepEqual(related.map((r) => r.id), [comment.id]);
      assert.deepEqual(expect(await other.client.get('/comments'), 200).items, []);
      expectProblem(await other.client.get(`/accounts/${account.id}/timeline`), 404, 'not_found');
      expectProblem(await other.client.get(`/accounts/${account.id}/related/comments`), 404, 'not_found');
      expect(await admin.patch(`/accounts/${account.id}`, { owner: other.id }), 200);
      assert.equal((await said(other.client, 'accounts', account.id)).length, 1);
      expectProblem(await seller.client.get(`/accounts/${account.id}/timeline`), 404, 'not_found');
    },
  },
  {
    name: 'its writer changes and deletes it, with history; others do not',
    async run(server) {
      const writer = await makeUser(server, ['seller']);
      const account = await create(writer.client, 'accounts', { name: unique('评') });
      const boss = await makeUser(server, ['boss']);
      const about = { object: 'account', id: account.id };
      const own = await create(writer.client, 'comments', { about, body: '<p>一</p>' });
      const theirs = await create(boss.client, 'comments', { about, body: '<p>老板</p>' });
      expect(await writer.client.patch(`/comments/${own.id}`, { body: '<p>二</p>', mentions: [boss.id] }), 200);
      const [now] = (await said(writer.client, 'accounts', account.id)).filter((i) => i.id === own.id);
      assert.deepEqual([now.text, now.version, now.mentions[0].id], ['二', 2, boss.id]);
      const history = expect(await writer.client.get(`/comments/${own.id}/history`), 200).items;
      assert.ok(history[0].changes.some((c) => c.field === 'body' && /一/.test(c.old)), JSON.stringify(history[0]));
      for (const answer of [await writer.client.patch(`/comments/${theirs.id}`, { body: '<p>x</p>' }), await writer.client.delete(`/comments/${theirs.id}`)]) assert.ok([403, 404].includes(answer.status), answer.text);
      expect(await writer.client.delete(`/comments/${own.id}`), 204);
      assert.deepEqual((await said(writer.client, 'accounts', account.id)).map((i) => i.id), [theirs.id]);
      expect(await writer.client.post(`/comments/${own.id}/restore`, {}), 200);
      assert.equal((await said(writer.client, 'accounts', account.id)).length, 2);
    },
  },
  {
    name: 'the writer is told whether somebody mentioned may read the record',
    async run(server) {
      const writer = await makeUser(server, ['seller']);
      const other = await makeUser(server, ['seller']);
      const account = await create(writer.client, 'accounts', { name: unique('评') });
      const may = async (user) => expect(await writer.client.get(`/accounts/${account.id}/access?user=${user}`), 200).read;
      assert.equal(await may(writer.id), true);
      assert.equal(await may(other.id), false);
      expect(await writer.client.post(`/accounts/${account.id}/share`, { with: [{ user: other.id }], level: 'read' }), 204);
      assert.equal(await may(other.id), true);
      await create(writer.client, 'comments', { about: { object: 'account', id: account.id }, body: '<p>看</p>', mentions: [other.id] });
      assert.equal((await said(other.client, 'accounts', account.id)).length, 1, 'shared with');
    },
  },
];
