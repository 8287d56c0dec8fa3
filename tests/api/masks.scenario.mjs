// SPDX-License-Identifier: Apache-2.0
// Masked fields: everywhere the same mask and never the value, no way to infer it; shown in full only where a role says so.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

const q = encodeURIComponent;
const PHONE = '13987654321';
const AMOUNT = '77123.45';

// A role whose form is changed while the body runs.
async function withRights(server, role, fields, body) {
  const admin = by(server);
  const form = expect(await admin.get(`/meta/access/${role}`), 200);
  const changed = structuredClone(form);
  for (const [object, rights] of Object.entries(fields)) {
    changed.objects[object].fields = { ...changed.objects[object].fields, ...rights };
  }
  expect(await admin.put(`/meta/access/${role}`, changed), 200);
  try {
    await body(admin);
  } finally {
    const back = structuredClone(form);
    for (const object of Object.keys(fields)) back.objects[object].fields ??= {};
    expect(await admin.put(`/meta/access/${role}`, back), 200);
  }
}

async function scene(server, admin) {
  const seller = await makeUser(server, ['seller']);
  const name = unique('掩码客户');
  const account = await create(seller.client, 'accounts', { name });
  const contact = await create(admin, 'contacts', { name: '张三丰', account: account.id, mobile: PHONE, owner: seller.id });
  expect(await admin.patch(`/accounts/${account.id}`, { annual_revenue: AMOUNT }), 200);
  return { seller: seller.client, name, account, contact };
}

async function exported(client, plural, body) {
  let job = expect(await client.post(`/${plural}/export`, body), 202);
  while (job.status === 'queued' || job.status === 'running') {
    await new Promise((done) => setTimeout(done, 30));
    job = expect(await client.get(`/jobs/${job.id}`), 200);
  }
  assert.equal(job.status, 'done', JSON.stringify(job));
  return (await client.get(job.result.file.url ?? job.result.file)).text;
}

export const tests = [
  {
    name: 'masked in lists, details, answers, history, export, titles; the value nowhere',
    async run(server) {
      await withRights(server, 'seller', { contact: { mobile: 'masked', name: 'masked' }, account: { annual_revenue: 'masked' } }, async (admin) => {
        const { seller, account, contact } = await scene(server, admin);
        const seen = expect(await seller.get(`/contacts/${contact.id}`), 200);
        assert.match(seen.mobile, /^(\+86)?139\*{4}4321$/);
        assert.equal(seen.name, '张**');
        const money = expect(await seller.get(`/accounts/${account.id}`), 200);
        assert.equal(money.annual_revenue, '***');
        for (const path of [`/contacts?filter=${q(`account = "${account.id}"`)}`, '/contacts?fields=id,name,mobile', `/contacts/${contact.id}/history`,
          `/accounts/${account.id}/related/contacts`, `/accounts?fields=name,annual_revenue`, `/accounts/${account.id}/history`, `/accounts/${account.id}?expand=owner`]) {
          const answer = await seller.get(path);
          assert.equal(answer.status, 200, `${path}: ${answer.text}`);
          assert.ok(!answer.text.includes('87654') && !answer.text.includes('77123') && !answer.text.includes('三丰'), `${path}: ${answer.text}`);
        }
        const list = expect(await seller.get(`/contacts?fields=mobile&filter=${q(`account = "${account.id}"`)}`), 200);
        assert.equal(list.items[0].mobile, seen.mobile);
        const patched = expect(await seller.patch(`/contacts/${contact.id}`, { description: 'x' }), 200);
        assert.equal(patched.mobile, seen.mobile);
        const form = expect(await admin.get('/meta/access/seller'), 200);
        form.objects.contact.export = 'own';
        expect(await admin.put('/meta/access/seller', form), 200);
        const text = await exported(seller, 'contacts', { fields: 'name,mobile,account', format: 'csv' });
        form.objects.contact.export = 'none';
        expect(await admin.put('/meta/access/seller', form), 200);
        assert.ok(text.includes('张**') && /139\*{4}4321/.test(text) && !text.includes('三丰'), text);
      });
    },
  },
  {
    name: 'a masked field is neither filtered, sorted, grouped, measured, searched nor written',
    async run(server) {
      await withRights(server, 'seller', { contact: { mobile: 'masked' }, account: { annual_revenue: 'masked' } }, async (admin) => {
        const { seller, account, contact } = await scene(server, admin);
        for (const path of [`/contacts?filter=${q(`mobile = "${PHONE}"`)}`, '/contacts?sort=mobile', `/accounts?filter=${q('annual_revenue > 1')}`, '/accounts?sort=-annual_revenue',
          `/accounts?filter=${q(`any(contacts, mobile = "${PHONE}")`)}`, `/contacts?filter=${q('account.annual_revenue > 1')}`]) {
          assert.equal((await seller.get(path)).status, 400, path);
        }
        for (const body of [{ measures: [{ sum: 'annual_revenue' }] }, { group: ['annual_revenue'], measures: ['count'] }, { measures: [{ max: 'annual_revenue' }] }]) {
          assert.equal((await seller.post('/accounts/aggregate', body)).status, 400, JSON.stringify(body));
        }
        const found = expect(await seller.get(`/search?q=${PHONE}`), 200);
        assert.equal(found.items.filter((item) => item.id === contact.id).length, 0);
        assert.equal(expect(await admin.get(`/search?q=${PHONE}`), 200).items.filter((item) => item.id === contact.id).length, 1);
        assert.equal(expect(await seller.get(`/contacts?q=${PHONE}`), 200).items.length, 0);
        expectProblem(await seller.patch(`/contacts/${contact.id}`, { mobile: '13800000000' }), 422, 'validation');
        expectProblem(await seller.patch(`/accounts/${account.id}`, { annual_revenue: '1' }), 422, 'validation');
        const meta = expect(await seller.get('/meta/objects/account'), 200);
        assert.equal(meta.rights.fields.annual_revenue, 'masked');
        assert.ok(meta.fields.some((field) => field.name === 'annual_revenue'));
      });
    },
  },
  {
    name: 'shown in full where the role says so, and noted',
    async run(server) {
      await withRights(server, 'seller', { contact: { mobile: 'reveal' }, account: { annual_revenue: 'masked' } }, async (admin) => {
        const { seller, account, contact } = await scene(server, admin);
        expectProblem(await seller.post(`/accounts/${account.id}/reveal`, { field: 'annual_revenue' }), 403, 'forbidden');
        const shown = expect(await seller.post(`/contacts/${contact.id}/reveal`, { field: 'mobile' }), 200);
        assert.ok(String(shown.value).replace(/\D/g, '').endsWith(PHONE), JSON.stringify(shown));
        const log = expect(await admin.get('/access-log?limit=5'), 200);
        assert.equal(log.items[0].kind, 'reveal');
        assert.equal(log.items[0].record, contact.id);
        assert.equal(log.items[0].field, 'mobile');
        expectProblem(await seller.get('/access-log'), 403, 'forbidden');
        assert.ok(fieldError(expectProblem(await seller.post(`/contacts/${contact.id}/reveal`, { field: 'nothing' }), 422, 'validation'), 'field'));
        const stranger = await makeUser(server, ['seller']);
        expectProblem(await stranger.client.post(`/contacts/${contact.id}/reveal`, { field: 'mobile' }), 404, 'not_found');
      });
    },
  },
  {
    name: 'a role chooses the style; it is the same on every surface, of two roles the one that leaves more counts',
    async run(server) {
      const styles = { contact: { mobile: 'reveal:full', name: 'masked:email' }, account: { annual_revenue: 'masked:amount', founded_on: 'masked:year' } };
      const admin = by(server);
      const has = new Set(expect(await admin.get('/meta/objects/account'), 200).fields.map((f) => f.name));
      if (!has.has('founded_on')) delete styles.account.founded_on;
      await withRights(server, 'seller', styles, async () => {
        const { seller, account, contact } = await scene(server, admin);
        const seen = expect(await seller.get(`/contacts/${contact.id}`), 200);
        assert.deepEqual([seen.mobile, seen.name], ['***', '张***']);
        assert.equal(expect(await seller.get(`/accounts/${account.id}`), 200).annual_revenue, '7****');
        for (const path of [`/contacts?fields=id,name,mobile&filter=${q(`account = "${account.id}"`)}`, `/contacts/${contact.id}/history`, `/accounts/${account.id}/related/contacts`]) {
          const { text } = await seller.get(path);
          assert.ok(text.includes('"张***"') && !text.includes('4321') && !text.includes('三丰'), `${path}: ${text}`);
        }
        const money = (await seller.get(`/accounts/${account.id}/history`)).text;
        assert.ok(money.includes('"7****"') && !money.includes('77123'), money);
        assert.match(expect(await seller.post(`/contacts/${contact.id}/reveal`, { field: 'mobile' }), 200).value, /13987654321$/);
        const code = unique('styles').replace(/[^a-z0-9_]/g, '_');
        await create(admin, 'roles', { code, name: code });
        expect(await admin.put(`/meta/access/${code}`, { objects: { contact: { read: 'all', fields: { mobile: 'masked', name: 'masked:full' } } } }), 200);
        const both = await makeUser(server, ['seller', code]);
        const two = expect(await both.client.get(`/contacts/${contact.id}`), 200);
        assert.match(two.mobile, /^(\+86)?139\*{4}4321$/);
        assert.equal(two.name, '张***');
      });
      for (const [object, field, word] of [['contact', 'mobile', 'masked:amount'], ['account', 'annual_revenue', 'masked:name'], ['contact', 'name', 'masked:none'], ['contact', 'name', 'read:full']]) {
        expectProblem(await admin.put('/meta/access/seller', { objects: { [object]: { read: 'own', fields: { [field]: word } } } }), 422, 'validation');
      }
    },
  },
  {
    name: 'links and codes cannot be masked',
    async run(server) {
      const admin = by(server);
      const form = expect(await admin.get('/meta/access/seller'), 200);
      form.objects.contact.fields = { account: 'masked' };
      assert.ok(fieldError(expectProblem(await admin.put('/meta/access/seller', form), 422, 'validation'), 'objects.contact.fields.account'));
    },
  },
];
