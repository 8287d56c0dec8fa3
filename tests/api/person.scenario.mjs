// SPDX-License-Identifier: Apache-2.0
// A person customer is an account with exactly one contact; what both have is kept equal, whichever is written.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, upload, waitForJob } from './lib.mjs';

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
  {
    name: 'imported and changed by many at once: every person has the one contact, kept equal',
    async run(server) {
      const admin = by(server);
      const mark = unique('导入');
      const file = `name,kind,phone,external_id\n${mark}甲,person,13800001111,${mark}1\n${mark}乙,person,,${mark}2\n${mark}公司,company,,${mark}3\n`;
      const options = { mapping: { name: 'name', kind: 'kind', phone: 'phone', external_id: 'external_id' } };
      const job = await waitForJob(admin, await upload(server, server.key, '/accounts/import', file, 'a.csv', options));
      assert.equal(job.result.created, 3, JSON.stringify(job));
      const all = (await expect(await admin.get(`/accounts?filter=${q(`external_id starts "${mark}"`)}&sort=external_id`), 200)).items;
      const contact = await read(admin, 'contacts', all[0].primary_contact.id);
      assert.deepEqual([contact.name, contact.mobile, contact.account.id, contact.owner.id], [`${mark}甲`, '13800001111', all[0].id, all[0].owner.id]);
      assert.deepEqual([Boolean(all[1].primary_contact), all[2].primary_contact], [true, null]);
      const again = await waitForJob(admin, await upload(server, server.key, '/accounts/import', `external_id,phone\n${mark}1,13800002222\n`, 'b.csv', { mapping: { external_id: 'external_id', phone: 'phone' }, mode: 'update', key: ['external_id'] }));
      assert.equal(again.result.updated, 1, JSON.stringify(again));
      assert.equal((await read(admin, 'contacts', contact.id)).mobile, '13800002222');
      const bulk = await waitForJob(admin, await admin.post('/accounts/bulk', { ids: [all[0].id, all[1].id, all[2].id], set: { kind: 'person', email: 'x@example.com' } }));
      assert.equal(bulk.status, 'done', JSON.stringify(bulk));
      for (const a of all) {
        const now = await read(admin, 'accounts', a.id);
        assert.equal((await read(admin, 'contacts', now.primary_contact.id)).email, 'x@example.com', a.name);
      }
      const undone = await waitForJob(admin, await admin.post(`/batches/${job.batch}/undo`));
      assert.equal(undone.status, 'done');
    },
  },
];
