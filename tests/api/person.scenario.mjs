// SPDX-License-Identifier: Apache-2.0
// A person customer is an account with exactly one contact; what both have is kept equal, whichever is written.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

const q = encodeURIComponent;
const read = async (client, plural, id) => expect(await client.get(`/${plural}/${id}`), 200);

export const tests = [
  {
    name: 'the contact is made with the account, owned like it, and linked both ways',
    async run(server) {
      const { client, id: seller } = await makeUser(server, ['seller']);
      const name = unique('张三');
      const account = await create(client, 'accounts', { name, kind: 'person', phone: '138 0013 8000', email: 'Zhang@Example.com' });
      const contact = await read(client, 'contacts', account.primary_contact.id);
      assert.deepEqual([contact.name, contact.mobile, contact.email, contact.account.id, contact.is_primary, contact.owner.id], [name, '138 0013 8000', 'zhang@example.com', account.id, true, seller]);
      assert.equal((await read(client, 'accounts', account.id)).version, 1, 'written once');
      const company = await create(client, 'accounts', { name: unique('公司') });
      assert.equal(company.primary_contact, null);
    },
  },
  {
    name: 'a change of the account reaches the contact, and of the contact the account',
    async run(server) {
      const admin = by(server);
      const account = await create(admin, 'accounts', { name: unique('李四'), kind: 'person', phone: '13900000001' });
      const id = account.primary_contact.id;
      const renamed = unique('李肆');
      expect(await admin.patch(`/accounts/${account.id}`, { name: renamed, phone: null }), 200);
      let contact = await read(admin, 'contacts', id);
      assert.deepEqual([contact.name, contact.mobile], [renamed, null]);
      expect(await admin.patch(`/contacts/${id}`, { mobile: '13900000002', email: 'li@example.com', title: '先生' }), 200);
      const now = await read(admin, 'accounts', account.id);
      assert.deepEqual([now.phone, now.email, now.name], ['13900000002', 'li@example.com', renamed]);
      const before = now.version;
      expect(await admin.patch(`/contacts/${id}`, { title: '女士' }), 200);
      assert.equal((await read(admin, 'accounts', account.id)).version, before, 'what is not shared stays with the contact');
      contact = await read(admin, 'contacts', id);
      const { items } = expect(await admin.get(`/contacts/${id}/history`), 200);
      assert.ok(items.some((i) => i.changes.some((c) => c.field === 'name' && c.new === renamed)), 'history tells it');
    },
  },
  {
    name: 'there is no second contact, and the only one stays',
    async run(server) {
      const admin = by(server);
      const account = await create(admin, 'accounts', { name: unique('王五'), kind: 'person' });
      const other = await create(admin, 'accounts', { name: unique('公司') });
      const second = expectProblem(await admin.post('/contacts', { name: 'x', account: account.id }), 422, 'validation');
      assert.equal(fieldError(second, 'account').code, 'person');
      const moved = expectProblem(await admin.patch(`/contacts/${account.primary_contact.id}`, { account: other.id }), 422, 'validation');
      assert.equal(fieldError(moved, 'account').code, 'person');
      expectProblem(await admin.delete(`/contacts/${account.primary_contact.id}`), 409, 'conflict');
      assert.equal(expect(await admin.get(`/contacts?filter=${q(`account = "${account.id}"`)}`), 200).items.length, 1);
    },
  },
  {
    name: 'a company that becomes a person gets its contact; a person that becomes a company keeps it',
    async run(server) {
      const admin = by(server);
      const account = await create(admin, 'accounts', { name: unique('赵六') });
      const person = expect(await admin.patch(`/accounts/${account.id}`, { kind: 'person' }), 200);
      assert.equal((await read(admin, 'contacts', person.primary_contact.id)).name, account.name);
      expect(await admin.patch(`/accounts/${account.id}`, { kind: 'company' }), 200);
      await create(admin, 'contacts', { name: '第二个', account: account.id });
      const renamed = unique('六六');
      expect(await admin.patch(`/accounts/${account.id}`, { name: renamed }), 200);
      assert.notEqual((await read(admin, 'contacts', person.primary_contact.id)).name, renamed);
    },
  },
];
