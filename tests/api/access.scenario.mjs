// SPDX-License-Identifier: Apache-2.0
// Rights: what a seller may not see leaks through no door; what one may not do is refused.
import { assert, by, create, expect, expectProblem, listen, makeUser, unique } from './lib.mjs';

const q = encodeURIComponent;

async function twoSellers(server) {
  const admin = by(server);
  const mine = await makeUser(server, ['seller']);
  const theirs = await makeUser(server, ['seller']);
  const mark = unique('secret');
  const account = await create(theirs.client, 'accounts', { name: mark, english_name: mark, founded_year: 1987 });
  const contact = await create(theirs.client, 'contacts', { name: mark, account: account.id });
  const own = await create(mine.client, 'accounts', { name: `own ${mark}`, english_name: `own ${mark}` });
  return { admin, mine: mine.client, key: mine.key, theirs: theirs.client, mark, account, contact, own };
}

export const tests = [
  {
    name: 'owner sees, stranger does not: list, count, search by filter, aggregate',
    async run(server) {
      const { admin, mine, theirs, mark, account } = await twoSellers(server);
      for (const [client, n] of [[mine, 0], [theirs, 1], [admin, 1]]) {
        const list = expect(await client.get(`/accounts?count=exact&filter=${q(`english_name = "${mark}"`)}`), 200);
        assert.equal(list.items.length, n);
        assert.equal(list.count.value, n);
        const sum = expect(await client.post('/accounts/aggregate', { measures: ['count'], filter: `english_name = "${mark}"` }), 200);
        assert.equal(sum.total.count, n);
        const children = expect(await client.get(`/contacts?filter=${q(`account.english_name = "${mark}"`)}`), 200);
        assert.equal(children.items.length, n);
        const any = expect(await client.get(`/accounts?filter=${q(`id = "${account.id}" or any(contacts, name = "${mark}")`)}`), 200);
        assert.equal(any.items.length, n);
      }
    },
  },
  {
    name: 'a record one may not see does not exist, whatever is asked of it',
    async run(server) {
      const { mine, account, contact, own, mark } = await twoSellers(server);
      for (const path of ['', '/history', '/related/contacts', '/access']) {
        expectProblem(await mine.get(`/accounts/${account.id}${path}`), 404, 'not_found');
      }
      expectProblem(await mine.patch(`/accounts/${account.id}`, { name: 'x' }), 404, 'not_found');
      expectProblem(await mine.delete(`/accounts/${account.id}`), 404, 'not_found');
      const link = expectProblem(await mine.post('/contacts', { name: 'x', account: account.id }), 422, 'validation');
      assert.ok(!JSON.stringify(link).includes(mark));
      const match = await mine.post('/contacts', { name: 'x', account: { match: { name: mark } } });
      expectProblem(match, 422, 'validation');
      expectProblem(await mine.patch(`/accounts/${own.id}`, { parent: account.id }), 422, 'validation');
      expectProblem(await mine.get(`/contacts/${contact.id}`), 404, 'not_found');
    },
  },
  {
    name: 'a deleted record is gone for its owner and nothing for a stranger',
    async run(server) {
      const { admin, mine, theirs, account, contact } = await twoSellers(server);
      expect(await admin.delete(`/contacts/${contact.id}`), 204);
      expect(await admin.delete(`/accounts/${account.id}`), 204);
      expectProblem(await theirs.get(`/accounts/${account.id}`), 410, 'gone');
      expectProblem(await mine.get(`/accounts/${account.id}`), 404, 'not_found');
      expectProblem(await mine.post(`/accounts/${account.id}/restore`), 404, 'not_found');
    },
  },
  {
    name: 'a link to an invisible record shows neither title nor fields',
    async run(server) {
      const { admin, mine, mark, account, own } = await twoSellers(server);
      expect(await admin.patch(`/accounts/${own.id}`, { parent: account.id }), 200);
      for (const path of [`/accounts/${own.id}`, `/accounts/${own.id}?expand=parent`, `/accounts?filter=${q(`id = "${own.id}"`)}&expand=parent`,
        `/accounts/${own.id}/history`, `/accounts?fields=name,parent.english_name,parent.founded_year&filter=${q(`id = "${own.id}"`)}`]) {
        const text = JSON.stringify(expect(await mine.get(path), 200)).replaceAll(`own ${mark}`, '');
        assert.ok(!text.includes(mark), `${path}: ${text}`);
        assert.ok(!/[^0-9]1987[^0-9]/.test(text), `${path}: ${text}`); // ids may hold the digits
      }
      const through = expect(await mine.get(`/accounts?filter=${q(`parent.founded_year = 1987`)}`), 200);
      assert.equal(through.items.length, 0);
    },
  },
  {
    name: 'live updates tell a stranger nothing',
    async run(server) {
      const { mine, key, theirs, account, own } = await twoSellers(server);
      const stream = await listen(server, key, `accounts,accounts/${account.id}`);
      expect(await theirs.patch(`/accounts/${account.id}`, { description: 'quiet' }), 200);
      expect(await mine.patch(`/accounts/${own.id}`, { description: 'loud' }), 200);
      await stream.wait((event) => event.type === 'record' && event.data.id === own.id);
      assert.ok(!stream.events.some((event) => event.data.id === account.id));
      stream.close();
    },
  },
  {
    name: 'what a role may not do is refused; what it may is not',
    async run(server) {
      const { mine, own } = await twoSellers(server);
      expectProblem(await mine.delete(`/accounts/${own.id}`), 403, 'forbidden');
      expectProblem(await mine.post('/products', { name: 'x', price: '1' }), 403, 'forbidden');
      expectProblem(await mine.put('/meta/access/seller', { objects: {} }), 403, 'forbidden');
      expect(await mine.patch(`/accounts/${own.id}`, { description: 'mine' }), 200);
      const meta = expect(await mine.get('/meta'), 200);
      const account = meta.objects.find((object) => object.object === 'account');
      assert.equal(account.rights.read, 'own');
      assert.equal(account.rights.delete, 'none');
    },
  },
  {
    name: 'a field hidden from a role is absent everywhere',
    async run(server) {
      const admin = by(server);
      const { mine, own } = await twoSellers(server);
      const form = expect(await admin.get('/meta/access/seller'), 200);
      const hidden = structuredClone(form);
      hidden.objects.account.fields = { credit_limit: 'hidden', description: 'read' };
      expect(await admin.put('/meta/access/seller', hidden), 200);
      try {
        expect(await admin.patch(`/accounts/${own.id}`, { credit_limit: '777.77' }), 200);
        for (const path of [`/accounts/${own.id}`, '/accounts', `/accounts/${own.id}/history`, '/meta/objects/account', '/openapi.json']) {
          const { text } = await mine.get(path);
          assert.ok(!text.includes('777.77') && !text.includes('credit_limit'), path);
        }
        for (const path of [`/accounts?filter=${q('credit_limit > 1')}`, '/accounts?sort=credit_limit', '/accounts?fields=credit_limit']) {
          const answer = await mine.get(path);
          assert.equal(answer.status, 400, path);
        }
        const sum = await mine.post('/accounts/aggregate', { measures: [{ sum: 'credit_limit' }] });
        assert.equal(sum.status, 400, sum.text);
        expectProblem(await mine.patch(`/accounts/${own.id}`, { credit_limit: '1' }), 422, 'validation');
        expectProblem(await mine.patch(`/accounts/${own.id}`, { description: 'x' }), 422, 'validation');
        assert.ok('description' in expect(await mine.get(`/accounts/${own.id}`), 200));
      } finally {
        expect(await admin.put('/meta/access/seller', form), 200);
      }
    },
  },
  {
    name: 'who may read no competitor learns of none: not by links, lines, links to anything, filters or the past',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const competitor = await create(admin, 'competitors', { name: unique('rival') });
      const account = await create(seller.client, 'accounts', { name: unique('a') });
      expect(await admin.patch(`/accounts/${account.id}`, { competitors: [competitor.id] }), 200);
      const opportunity = await create(seller.client, 'opportunities', { name: unique('o'), account: account.id });
      expect(await admin.patch(`/opportunities/${opportunity.id}`, { lost_to: competitor.id }), 200);
      await create(admin, 'opportunity_competitors', { opportunity: opportunity.id, competitor: competitor.id });
      const note = await create(admin, 'notes', { body: 'x', about: { object: 'competitor', id: competitor.id }, owner: seller.id });
      const paths = [`/accounts/${account.id}`, `/accounts/${account.id}/history`, `/opportunities/${opportunity.id}`, `/opportunities/${opportunity.id}/history`,
        `/opportunities?filter=${encodeURIComponent(`account = "${account.id}"`)}`, `/accounts/${account.id}/timeline`, `/notes/${note.id}`, `/notes/${note.id}/history`, '/notes?sort=-id'];
      for (const path of paths) {
        const answer = await seller.client.get(path);
        assert.equal(answer.status, 200, `${path} ${answer.text}`);
        assert.ok(!answer.text.includes(competitor.id), path);
        assert.ok((await admin.get(path)).status === 200);
      }
      assert.ok((await admin.get(`/opportunities/${opportunity.id}/history`)).text.includes(competitor.id)); // it would be seen
      assert.ok((await admin.get(`/notes/${note.id}`)).text.includes(competitor.id));
      assert.ok(!('lost_to' in expect(await seller.client.get(`/opportunities/${opportunity.id}`), 200)));
      expectProblem(await seller.client.get(`/opportunities?filter=${encodeURIComponent('lost_to is not null')}`), 400, 'bad_expression');
      expectProblem(await seller.client.get('/opportunities?sort=lost_to'), 400, 'bad_parameter');
      expectProblem(await seller.client.patch(`/opportunities/${opportunity.id}`, { lost_to: competitor.id }), 422, 'validation');
      assert.equal((await seller.client.get('/opportunity_competitors')).status, 404);
    },
  },
];
