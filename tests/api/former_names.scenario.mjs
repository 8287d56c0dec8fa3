// SPDX-License-Identifier: Apache-2.0
// Names that customers and contacts had: kept when they are renamed and merged, found by search and by the check for duplicates.
import { assert, by, create, expect, makeUser, waitForJob } from './lib.mjs';

const read = async (client, plural, id) => expect(await client.get(`/${plural}/${id}`), 200);
const rename = async (client, plural, id, name) => {
  const { version } = await read(client, plural, id);
  return expect(await client.patch(`/${plural}/${id}`, { name }, { 'If-Match': `"${version}"` }), 200);
};
async function until(read, holds) {
  let got;
  for (let i = 0; i < 150; i++) {
    got = await read();
    if (holds(got)) return got;
    await new Promise((r) => setTimeout(r, 100));
  }
  return assert.fail(`still ${JSON.stringify(got)}`);
}
let serial = Date.now() % 1e6;
const firm = (word) => `${word}${++serial}制造有限公司`;

export const tests = [
  {
    name: 'a renamed customer keeps its names, newest first, without the present one; nobody writes them by hand',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const [one, two, three] = [firm('甲子'), firm('乙丑'), firm('丙寅')];
      const { id } = await create(client, 'accounts', { name: one });
      assert.equal((await read(client, 'accounts', id)).former_names, null);
      await rename(client, 'accounts', id, two);
      assert.equal((await rename(client, 'accounts', id, three)).former_names, `${two}；${one}`);
      assert.equal((await rename(client, 'accounts', id, one)).former_names, `${three}；${two}`, 'back to the first: it is no former one');
      const { version } = await read(client, 'accounts', id);
      assert.equal((await client.patch(`/accounts/${id}`, { former_names: '别的' }, { 'If-Match': `"${version}"` })).status, 422);
      const found = await until(async () => expect(await client.get(`/accounts?q=${encodeURIComponent(two)}`), 200).items, (items) => items.length === 1);
      assert.equal(found[0].id, id, 'found by a name it had');
    },
  },
  {
    name: 'who types a name that a customer had before is told of it, company or contact',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const [before, now] = [firm('旧日'), firm('新天')];
      const account = await create(client, 'accounts', { name: before });
      await rename(client, 'accounts', account.id, now);
      const asked = await until(async () => expect(await client.post('/accounts/duplicates', { record: { name: before } }), 200).items, (items) => items.length > 0);
      assert.deepEqual(asked.map((x) => x.id), [account.id]);
      const contact = await create(client, 'contacts', { name: '欧阳慕容雪', account: account.id });
      await rename(client, 'contacts', contact.id, '诸葛晴川');
      const people = await until(async () => expect(await client.post('/contacts/duplicates', { record: { name: '欧阳慕容雪', account: account.id } }), 200).items, (items) => items.length > 0);
      assert.deepEqual(people.map((x) => x.id), [contact.id]);
      const others = expect(await client.post('/accounts/duplicates', { record: { name: firm('从无') } }), 200).items;
      assert.equal(others.length, 0);
    },
  },
  {
    name: 'merged, the names of both are kept; taken back, each has its own again',
    async run(server) {
      const admin = by(server);
      const done = async (answer) => { const job = await waitForJob(admin, answer); assert.equal(job.status, 'done', JSON.stringify(job)); return job; };
      const [keep, first, second] = [firm('留存'), firm('早先'), firm('并入')];
      const kept = await create(admin, 'accounts', { name: keep });
      const lost = await create(admin, 'accounts', { name: first });
      await rename(admin, 'accounts', lost.id, second);
      const job = await done(await admin.post('/accounts/merge', { keep: kept.id, merge: [lost.id] }));
      assert.equal((await read(admin, 'accounts', kept.id)).former_names, `${second}；${first}`);
      await done(await admin.post(`/batches/${job.batch}/undo`));
      assert.equal((await read(admin, 'accounts', kept.id)).former_names, null);
      assert.equal((await read(admin, 'accounts', lost.id)).former_names, first);
    },
  },
];
