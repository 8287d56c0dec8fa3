// SPDX-License-Identifier: Apache-2.0
// The region comes from the address unless chosen, on write and import, and anew when regions change.
import { assert, by, create, expect, unique, upload, waitForJob } from './lib.mjs';

const q = encodeURIComponent;
const read = async (client, plural, id) => expect(await client.get(`/${plural}/${id}`), 200);
const code = (r) => r.region?.code ?? null;

async function recomputed(client) {
  for (let i = 0; i < 200; i++) {
    const { items } = expect(await client.get('/jobs?kind=regions&all=true'), 200);
    if (items.length && items.every((j) => !['queued', 'running'].includes(j.status))) return items;
    await new Promise((r) => setTimeout(r, 50));
  }
  return assert.fail('the job does not end');
}

export const tests = [
  {
    name: 'province or city give it, abroad is overseas; a chosen region stays, one that came from the address follows it',
    async run(server) {
      const client = by(server);
      const account = await create(client, 'accounts', { name: unique('区域'), address: { province: 'zhejiang', city: 'hangzhou', street: '1' } });
      assert.equal(code(account), 'zhejiang');
      assert.equal(code(expect(await client.patch(`/accounts/${account.id}`, { address: { province: 'guangdong', city: null } }), 200)), 'guangdong');
      assert.equal(code(expect(await client.patch(`/accounts/${account.id}`, { region: 'north' }), 200)), 'north');
      assert.equal(code(expect(await client.patch(`/accounts/${account.id}`, { address: { province: 'zhejiang' } }), 200)), 'north', 'chosen');
      assert.equal(code(expect(await client.patch(`/accounts/${account.id}`, { region: null }), 200)), null);
      assert.equal(code(expect(await client.patch(`/accounts/${account.id}`, { address: { province: 'jiangsu' } }), 200)), 'jiangsu');
      assert.equal(code(expect(await client.patch(`/accounts/${account.id}`, { address: null }), 200)), null);
      const abroad = await create(client, 'leads', { name: 'John', source: 'website', address: { country: 'US', province: 'Ohio' } });
      assert.equal(code(abroad), 'overseas');
      const given = await create(client, 'leads', { name: 'x', source: 'website', region: 'east', address: { province: 'guangdong' } });
      assert.equal(code(given), 'east', 'both written: the region is what was said');
    },
  },
  {
    name: 'imports set it; a new, more special region is taken by a job that leaves what was chosen, and is taken back as one',
    async run(server) {
      const client = by(server);
      const mark = unique('导');
      const file = `name,省,市\n${mark}1,浙江,宁波\n${mark}2,广东省,\n${mark}3,,\n`;
      const job = await waitForJob(client, await upload(server, server.key, '/accounts/import', file, 'a.csv', { mapping: { name: 'name', 省: 'address.province', 市: 'address.city' } }));
      assert.equal(job.result.created, 3, JSON.stringify(job));
      const all = expect(await client.get(`/accounts?filter=${q(`name starts "${mark}"`)}&sort=name`), 200).items;
      assert.deepEqual(all.map(code), ['zhejiang', 'guangdong', null]);
      const chosen = await create(client, 'accounts', { name: unique('选'), region: 'south', address: { province: 'zhejiang', city: 'ningbo' } });
      const region = await create(client, 'regions', { code: 'ningbo', name: '宁波', kind: 'city', parent: 'zhejiang' });
      const [done] = await recomputed(client);
      assert.equal(done.status, 'done', JSON.stringify(done));
      assert.equal(code(await read(client, 'accounts', all[0].id)), 'ningbo');
      assert.equal(code(await read(client, 'accounts', chosen.id)), 'south');
      const undone = await waitForJob(client, await client.post(`/batches/${done.batch}/undo`));
      assert.equal(undone.status, 'done');
      assert.equal(code(await read(client, 'accounts', all[0].id)), 'zhejiang');
      expect(await client.patch(`/regions/${region.id}`, { is_active: false }), 200);
      await recomputed(client);
      assert.equal(code(await create(client, 'accounts', { name: unique('后'), address: { province: 'zhejiang', city: 'ningbo' } })), 'zhejiang', 'one that is not active is not given');
    },
  },
];
