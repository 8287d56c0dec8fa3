// SPDX-License-Identifier: Apache-2.0
// Checking an expression while it is written: types, canonical text and tree, problems, completion; rights apply.
import { assert, by, expect, expectProblem, makeUser, unique } from './lib.mjs';

const check = async (client, body) => expect(await client.post('/expressions/check', body), 200);
const words = (answer) => answer.completions.map((c) => c.text);

export const tests = [
  {
    name: 'an expression has a type, one text, and a tree that gives the text again',
    async run(server) {
      const admin = by(server);
      const answer = await check(admin, { object: 'opportunity', text: '(amount>=1000.50) and stage in("negotiation")' });
      assert.equal(answer.ok, true);
      assert.equal(answer.type, 'boolean');
      assert.equal(answer.text, 'amount >= 1000.5 and stage in ("negotiation")');
      const again = await check(admin, { object: 'opportunity', json: answer.json });
      assert.deepEqual(again, answer);
      const value = await check(admin, { object: 'opportunity', text: 'amount * 2', use: 'value' });
      assert.equal(value.type, 'money');
      assert.equal(value.scale, 2);
      const rule = await check(admin, { object: 'opportunity', text: 'changed(stage)', use: 'rule' });
      assert.equal(rule.ok, true);
    },
  },
  {
    name: 'what is wrong is told with its character, in the language of the reader',
    async run(server) {
      const admin = by(server);
      const wrong = await check(admin, { object: 'account', text: 'name = "北京" and nmae = 1' });
      assert.equal(wrong.ok, false);
      assert.equal(wrong.error.code, 'bad_expression');
      assert.equal(wrong.error.at, 16);
      assert.equal(wrong.error.suggestion, 'name');
      const chinese = (await admin.post('/expressions/check', { object: 'account', text: 'nmae = 1' }, { 'Accept-Language': 'zh-CN' })).body;
      assert.match(chinese.error.message, /不是 account 的字段/);
      assert.equal((await check(admin, { object: 'account', text: 'changed(name)' })).ok, false);
      assert.equal((await check(admin, { object: 'account', json: { op: 'xor', args: [] } })).ok, false);
      assert.equal((await check(admin, { object: 'account', text: 'length(name)' })).ok, false);
    },
  },
  {
    name: 'completion offers names, codes and functions, and nothing hidden',
    async run(server) {
      const admin = by(server);
      const names = await check(admin, { object: 'account', text: 'na', at: 2 });
      assert.equal(names.from, 0);
      assert.ok(words(names).includes('name'));
      assert.ok(names.completions.every((c) => c.kind && c.text));
      const codes = await check(admin, { object: 'opportunity', text: 'stage = "neg', at: 12 });
      assert.deepEqual(words(codes), ['negotiation']);
      const inside = await check(admin, { object: 'account', text: 'any(contacts, ', at: 14 });
      assert.ok(words(inside).includes('mobile') && words(inside).includes('outer'));

      const code = unique('blind');
      await admin.post('/roles', { code, name: code });
      expect(await admin.put(`/meta/access/${code}`, { objects: { account: { read: 'all', fields: { phone: 'hidden' } } }, system: [] }), 200);
      const blind = await makeUser(server, [code]);
      const hidden = await check(blind.client, { object: 'account', text: 'ph', at: 2 });
      assert.ok(!words(hidden).includes('phone'));
      const unknown = await check(blind.client, { object: 'account', text: 'phone is null' });
      assert.equal(unknown.ok, false);
      assert.notEqual(unknown.error.suggestion, 'phone');
      expectProblem(await blind.client.post('/expressions/check', { object: 'opportunity', text: 'true' }), 422, 'validation');
    },
  },
  {
    name: 'a body without one text, object or place is refused',
    async run(server) {
      const admin = by(server);
      for (const body of [{}, { object: 'account' }, { object: 'nothing', text: 'true' }, { object: 'account', text: 'true', json: {} },
        { object: 'account', text: 'true', at: -1 }, { object: 'account', text: 'true', use: 'x' }, { object: 'account', text: 1 }, { object: 'account', text: 'true', more: 1 }]) {
        const answer = await admin.post('/expressions/check', body);
        assert.equal(answer.status, 422, JSON.stringify(body));
      }
    },
  },
];
