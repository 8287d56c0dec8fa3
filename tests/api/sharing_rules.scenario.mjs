// SPDX-License-Identifier: Apache-2.0
// Sharing rules: what meets a condition is open at once when written, and by a job when the rule changes.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

const q = encodeURIComponent;

async function settled(admin) {
  for (let i = 0; i < 300; i++) {
    const rules = expect(await admin.get('/meta/sharing-rules'), 200).items;
    if (rules.every((rule) => rule.filled)) return rules;
    await new Promise((done) => setTimeout(done, 30));
  }
  assert.fail('a sharing rule is never filled');
}

async function names(client, mark) {
  const list = expect(await client.get(`/accounts?fields=name&sort=name&limit=200&filter=${q(`name starts "${mark}"`)}`), 200);
  return list.items.map((item) => item.name.slice(mark.length)).sort();
}

async function scene(server) {
  const owner = await makeUser(server, ['seller']);
  const other = await makeUser(server, ['seller']);
  const mark = unique('rule');
  const ids = {};
  for (const [name, year] of [['a', 1990], ['b', 2000], ['c', 2010]]) {
    ids[name] = (await create(owner.client, 'accounts', { name: mark + name, founded_year: year })).id;
  }
  return { admin: by(server), owner: owner.client, other: other.client, otherId: other.id, mark, ids };
}

export const tests = [
  {
    name: 'a rule opens what is there and what is written later; another condition closes what is not meant',
    async run(server) {
      const { admin, owner, other, otherId, mark, ids } = await scene(server);
      assert.deepEqual(await names(other, mark), []);
      const rule = expect(await admin.post('/meta/sharing-rules', { object: 'account', when: 'founded_year >= 2000', with: { user: otherId } }), 201);
      await settled(admin);
      assert.deepEqual(await names(other, mark), ['b', 'c']);
      expectProblem(await other.patch(`/accounts/${ids.b}`, { description: 'x' }), 403, 'forbidden');
      expect(await owner.patch(`/accounts/${ids.a}`, { founded_year: 2001 }), 200);
      expect(await owner.patch(`/accounts/${ids.b}`, { founded_year: 1999 }), 200);
      const fresh = await create(owner, 'accounts', { name: `${mark}d`, founded_year: 2020 });
      assert.deepEqual(await names(other, mark), ['a', 'c', 'd']);
      const shares = expect(await other.get(`/accounts/${fresh.id}/shares`), 200).items;
      assert.equal(shares[0].source, 'rule');
      assert.equal(shares[0].rule, rule.id);
      assert.equal(shares[0].user.id, otherId);
      expect(await admin.put(`/meta/sharing-rules/${rule.id}`, { when: 'founded_year < 2000', with: { user: otherId }, level: 'edit' }), 200);
      const during = await names(other, mark);
      assert.ok(during.every((name) => name === 'b'), JSON.stringify(during));
      await settled(admin);
      assert.deepEqual(await names(other, mark), ['b']);
      expect(await other.patch(`/accounts/${ids.b}`, { description: 'x' }), 200);
      expect(await admin.delete(`/meta/sharing-rules/${rule.id}`), 204);
      assert.deepEqual(await names(other, mark), []);
      assert.deepEqual(expect(await owner.get(`/accounts/${ids.b}/shares`), 200).items, []);
    },
  },
  {
    name: 'to whom and how far changes at once and rewrites no row; bulk and restore follow the rule',
    async run(server) {
      const { admin, owner, other, otherId, mark, ids } = await scene(server);
      const third = await makeUser(server, ['seller']);
      const rule = expect(await admin.post('/meta/sharing-rules', { object: 'account', when: `name starts "${mark}" and founded_year >= 2000`, with: { user: otherId } }), 201);
      await settled(admin);
      const put = expect(await admin.put(`/meta/sharing-rules/${rule.id}`, { when: `name starts "${mark}" and founded_year >= 2000`, with: { user: third.id } }), 200);
      assert.equal(put.filled, true);
      assert.deepEqual(await names(other, mark), []);
      assert.deepEqual(await names(third.client, mark), ['b', 'c']);
      let job = expect(await admin.post('/accounts/bulk', { ids: Object.values(ids), set: { founded_year: 1980 } }), 202);
      while (job.status !== 'done' && job.status !== 'failed') {
        await new Promise((done) => setTimeout(done, 30));
        job = expect(await admin.get(`/jobs/${job.id}`), 200);
      }
      assert.deepEqual(await names(third.client, mark), []);
      expect(await admin.patch(`/accounts/${ids.c}`, { founded_year: 2011 }), 200);
      expect(await admin.delete(`/accounts/${ids.c}`), 204);
      expectProblem(await third.client.get(`/accounts/${ids.c}`), 410, 'gone');
      expect(await admin.post(`/accounts/${ids.c}/restore`), 200);
      assert.deepEqual(await names(third.client, mark), ['c']);
      expect(await admin.delete(`/meta/sharing-rules/${rule.id}`), 204);
      expectProblem(await owner.post('/meta/sharing-rules', { object: 'account', when: 'founded_year > 1', with: { everyone: true } }), 403, 'forbidden');
    },
  },
  {
    name: 'what a rule cannot keep true is refused by field',
    async run(server) {
      const admin = by(server);
      for (const [body, field] of [
        [{ object: 'nothing', when: 'name = "x"', with: { everyone: true } }, 'object'],
        [{ object: 'order_line', when: 'name = "x"', with: { everyone: true } }, 'object'],
        [{ object: 'account', when: 'name = = 1', with: { everyone: true } }, 'when'],
        [{ object: 'account', when: 'owner = me()', with: { everyone: true } }, 'when'],
        [{ object: 'account', when: 'created_at < today()', with: { everyone: true } }, 'when'],
        [{ object: 'account', when: 'owner.name = "x"', with: { everyone: true } }, 'when'],
        [{ object: 'account', when: 'any(contacts, name = "x")', with: { everyone: true } }, 'when'],
        [{ object: 'account', when: 'name = "x"', with: { user: '99' } }, 'with.user'],
        [{ object: 'account', when: 'name = "x"', with: {} }, 'with'],
        [{ object: 'account', when: 'name = "x"', with: { everyone: true }, level: 'own' }, 'level'],
      ]) {
        const problem = await admin.post('/meta/sharing-rules', body);
        assert.ok(fieldError(expectProblem(problem, 422, 'validation'), field), `${JSON.stringify(body)}: ${problem.text}`);
      }
      expectProblem(await admin.delete('/meta/sharing-rules/12345'), 404, 'not_found');
    },
  },
];
