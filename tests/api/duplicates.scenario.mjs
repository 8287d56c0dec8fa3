// SPDX-License-Identifier: Apache-2.0
// Duplicates: asked while typing, masked, blocking rules with override, the job and its queue, merge, its undo, rights.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, waitForJob } from './lib.mjs';

const q = encodeURIComponent;
const ask = async (client, plural, record, id) => expect(await client.post(`/${plural}/duplicates`, { record, ...(id ? { id } : {}) }), 200);
const done = async (client, answer) => {
  const job = await waitForJob(client, answer);
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job;
};
// Names that no other test is like: letters out of a number, so that neither beginning nor end are shared.
const HAN = [...'岚霁澜鹤崧玥砚箬桦鸢翎岱湛榕荻鲲'];
let serial = 0;
const han = () => { serial += 1; let n = serial * 7919 + 4099, s = ''; for (let i = 0; i < 4; i++) { s += HAN[n % 16]; n = Math.floor(n / 16) + serial * (i + 3); } return s; };

async function withRules(admin, object, change, run) {
  const before = expect(await admin.get(`/meta/objects/${object}`), 200).duplicates;
  expect(await admin.patch(`/meta/objects/${object}`, { duplicates: change(structuredClone(before)) }), 200);
  try {
    await run();
  } finally {
    expect(await admin.patch(`/meta/objects/${object}`, { duplicates: before }), 200);
  }
}

export const tests = [
  {
    name: 'finds equal and like records while one types, with reasons and a score',
    async run(server) {
      const admin = by(server);
      const core = han();
      const one = await create(admin, 'accounts', { name: `浙江省杭州市${core}科技有限公司`, phone: '0571-8818 1234' });
      const other = await create(admin, 'accounts', { name: `${han()}贸易公司`, phone: '+86 571 8818 1234' });
      const name = await ask(admin, 'accounts', { name: `${core}科技（杭州）股份有限公司` });
      assert.deepEqual(name.items.map((i) => [i.id, i.because, i.rule, i.action]), [[one.id, ['name'], 'like_name', 'warn']]);
      assert.ok(name.items[0].score > 0.9 && name.items[0].score <= 1);
      assert.equal(name.blocked, false);
      const phone = await ask(admin, 'accounts', { name: '', phone: '057188181234' });
      assert.deepEqual(new Set(phone.items.map((i) => i.id)), new Set([one.id, other.id]));
      assert.deepEqual(phone.items[0].because, ['phone']);
      assert.deepEqual((await ask(admin, 'accounts', { name: one.name }, one.id)).items.map((i) => i.id), [other.id]); // not itself
      assert.deepEqual((await ask(admin, 'accounts', { name: `${han()}制造`, phone: 'no number' })).items, []);
      expect(await admin.patch(`/accounts/${one.id}`, { name: `${han()}实业`, phone: null }), 200); // keys follow
      assert.deepEqual((await ask(admin, 'accounts', { name: `${core}科学` })).items, []);
      assert.deepEqual((await ask(admin, 'accounts', { name: `${core}科技` })).items.map((i) => i.id), [one.id]); // by the name it had
      expect(await admin.delete(`/accounts/${other.id}`), 204);
      assert.deepEqual((await ask(admin, 'accounts', { phone: '057188181234' })).items, []);
    },
  },
  {
    name: 'looks among other objects, and at people by how they sound within one account',
    async run(server) {
      const admin = by(server);
      const account = await create(admin, 'accounts', { name: `${han()}设备厂` });
      const contact = await create(admin, 'contacts', { name: '欧阳伟', account: account.id, mobile: '13911112222' });
      const lead = await ask(admin, 'leads', { name: '别人', mobile: '139 1111 2222' });
      assert.deepEqual(lead.items.map((i) => [i.object, i.id, i.because]), [['contact', contact.id, ['mobile']]]);
      const company = await ask(admin, 'leads', { company: account.name.replace('厂', '公司') });
      assert.deepEqual(company.items.map((i) => [i.object, i.id]), [['account', account.id]]);
      const sound = await ask(admin, 'contacts', { name: '欧阳玮', account: account.id });
      assert.deepEqual(sound.items.map((i) => [i.id, i.because]), [[contact.id, ['name', 'account']]]);
      assert.deepEqual((await ask(admin, 'contacts', { name: '欧阳玮' })).items, []); // nowhere else
    },
  },
  {
    name: 'says of a hidden record that there is one, masked, and whose only where the rule says so',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const me = by(server, seller.key);
      const made = await create(admin, 'accounts', { name: `${han()}光电有限公司`, email: `${unique('m')}@example.com` });
      expect(await me.get(`/accounts/${made.id}`), 404);
      const [hit] = (await ask(me, 'accounts', { name: 'anything', email: made.email })).items;
      assert.deepEqual([hit.id, hit.title, hit.because, hit.owner], [null, `${made.name[0]}***`, ['email'], undefined]);
      await withRules(admin, 'account', (rules) => rules.map((r) => ({ ...r, tell_owner: true })), async () => {
        const [told] = (await ask(me, 'accounts', { name: 'anything', email: made.email })).items;
        assert.equal(told.owner.id, made.owner.id);
      });
    },
  },
  {
    name: 'a blocking rule holds in create, update, batch and conversion; who may overrides it',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const me = by(server, seller.key);
      const email = `${unique('block')}@example.com`;
      const one = await create(admin, 'accounts', { name: `${han()}化工`, email });
      await withRules(admin, 'account', (rules) => rules.map((r) => (r.name === 'same_email' ? { ...r, action: 'block' } : r)), async () => {
        const refused = expectProblem(await admin.post('/accounts', { name: `${han()}纸业`, email: email.toUpperCase() }), 422, 'validation');
        assert.deepEqual([fieldError(refused, 'email').code, fieldError(refused, 'email').suggestion], ['duplicate', one.id]);
        const hidden = fieldError(expectProblem(await me.post('/accounts', { name: `${han()}木业`, email }), 422, 'validation'), 'email');
        assert.deepEqual([hidden.code, hidden.suggestion], ['duplicate', undefined]);
        assert.ok(!hidden.message.includes(one.name));
        const mine = await create(me, 'accounts', { name: `${han()}石材` });
        expectProblem(await me.patch(`/accounts/${mine.id}`, { email }), 422, 'validation');
        expect(await admin.patch(`/accounts/${one.id}`, { email, founded_year: 2001 }), 200); // itself
        const batch = await me.post('/batch', { requests: [{ method: 'POST', path: '/accounts', body: { name: `${han()}玻璃`, email } }] });
        assert.equal(batch.status, 422, batch.text);
        assert.match(batch.text, /"duplicate"/);
        const lead = await create(me, 'leads', { name: han(), company: `${han()}陶瓷`, email, source: 'website' });
        expectProblem(await me.post(`/leads/${lead.id}/convert`, {}), 422, 'validation');
        const headers = { 'Guanxi-Allow-Duplicates': 'true' };
        expectProblem(await me.post('/accounts', { name: `${han()}食品`, email }, headers), 422, 'validation');
        expect(await admin.post('/accounts', { name: `${han()}食品`, email }, headers), 201);
      });
      await withRules(admin, 'account', (rules) => rules.map((r) => (r.name === 'same_email' ? { ...r, action: 'block', override: ['seller'] } : r)), async () => {
        const told = await ask(me, 'accounts', { name: 'x', email });
        assert.deepEqual([told.blocked, told.may_override], [true, true]);
        const why = encodeURIComponent('客户要求：另立一户');
        const made = expect(await me.post('/accounts', { name: `${han()}水产`, email }, { 'Guanxi-Allow-Duplicates': 'true', 'Guanxi-Duplicate-Reason': why }), 201);
        const logged = async (id) => expect(await admin.get('/access-log?limit=50'), 200).items.filter((e) => e.kind === 'duplicate' && e.record === id);
        const [entry] = await logged(made.id);
        assert.deepEqual([entry.by.id, entry.object, entry.detail], [seller.id, 'account', '邮箱相同: 客户要求：另立一户']);
        const odd = expect(await me.post('/accounts', { name: `${han()}水厂`, email }, { 'Guanxi-Allow-Duplicates': 'true', 'Guanxi-Duplicate-Reason': '%zz' }), 201);
        assert.equal((await logged(odd.id))[0].detail, '邮箱相同'); // no reason
        const other = expect(await me.post('/accounts', { name: `${han()}水泥` }, { 'Guanxi-Allow-Duplicates': 'true' }), 201);
        assert.deepEqual(await logged(other.id), []); // nothing was in the way
      });
    },
  },
  {
    name: 'of many who write the same at the same moment a blocking rule lets one through; of one plan likewise; a merge takes what it blocks',
    async run(server) {
      const admin = by(server);
      const blocking = (rules) => rules.map((r) => (['same_email', 'like_name'].includes(r.name) ? { ...r, action: 'block' } : r));
      await withRules(admin, 'account', blocking, async () => {
        const statuses = (answers) => answers.map((a) => a.status).sort().join();
        for (let round = 0; round < 4; round++) {
          const email = `${unique('race')}@example.com`, name = han();
          const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => admin.post('/accounts', i % 2 ? { name: `${name}${i}${han()}`, email } : { name: `${han()}${i}`, email: email.toUpperCase() })));
          assert.equal(statuses(answers), '201,422,422,422,422,422,422,422', answers.map((a) => a.text).join('\n'));
          const like = await Promise.all(['有限公司', '股份有限公司', '集团', ''].map((end) => admin.post('/accounts', { name: `北京${name}软件${end}` })));
          assert.equal(statuses(like), '201,422,422,422', like.map((a) => a.text).join('\n'));
          // made like one another by changes, and one that is made meanwhile
          const rows = await Promise.all([1, 2, 3, 4].map(() => create(admin, 'accounts', { name: han() })));
          const again = `${unique('race')}@example.com`;
          const changes = await Promise.all([...rows.map((r) => admin.patch(`/accounts/${r.id}`, { email: again })), admin.post('/accounts', { name: han(), email: again })]);
          assert.equal(changes.filter((a) => a.status < 300).length, 1, changes.map((a) => a.text).join('\n'));
        }
        // others who share a key by chance go through
        const core = han();
        const near = await Promise.all(Array.from({ length: 8 }, (_, i) => admin.post('/accounts', { name: `${core}${'甲乙丙丁戊己庚辛'[i].repeat(6)}${han()}` })));
        assert.equal(statuses(near), Array(8).fill(201).join(), near.map((a) => a.text).join('\n'));
        const email = `${unique('twin')}@example.com`;
        const post = (body) => ({ method: 'POST', path: '/accounts', body });
        const both = await admin.post('/batch', { requests: [post({ name: han(), email }), post({ name: han(), email })] });
        assert.equal(both.status, 422, both.text);
        assert.match(both.text, /requests\[1\]\.body\.email","code":"duplicate"/);
        const one = await create(admin, 'accounts', { name: han(), email });
        const moved = await admin.post('/batch', { requests: [{ method: 'PATCH', path: `/accounts/${one.id}`, body: { email: null } }, post({ name: han(), email })] });
        assert.equal(moved.status, 200, moved.text); // given from one to the other
        const keep = await create(admin, 'accounts', { name: han() });
        const lose = await create(admin, 'accounts', { name: han(), email: `${unique('taken')}@example.com` });
        await done(admin, await admin.post('/accounts/merge', { keep: keep.id, merge: [lose.id] }));
        assert.equal(expect(await admin.get(`/accounts/${keep.id}`), 200).email, lose.email);
      });
    },
  },
  {
    name: 'rules are metadata: wrong ones are refused, a renamed field is followed',
    async run(server) {
      const admin = by(server);
      const name = `probe_${unique('d').replace(/\W/g, '')}`;
      const made = expect(await admin.post('/meta/objects', { object: name, plural: `${name}s`, label: { 'zh-CN': '探头', en: 'Probe' }, traits: ['owned'], title: 'name',
        fields: [{ name: 'name', type: 'text', max: 100, label: { en: 'Name' } }, { name: 'serial', type: 'text', max: 40, label: { en: 'Serial' } }, { name: 'n', type: 'integer', label: { en: 'N' } }],
        duplicates: [{ name: 'same', fields: [{ field: 'serial', as: 'code' }] }] }), 201);
      assert.equal(made.duplicates[0].fields[0].field, 'serial');
      const change = (duplicates) => admin.patch(`/meta/objects/${name}`, { duplicates });
      for (const rule of [{ name: 'a', fields: [] }, { name: 'a', fields: [{ field: 'n' }] }, { name: 'a', fields: [{ field: 'nothing' }] }, { name: 'a', fields: [{ field: 'name', as: 'soup' }] },
        { name: 'a', fields: [{ field: 'name', as: 'link' }] }, { name: 'a', fields: [{ field: 'name' }], action: 'shout' }, { name: 'a', fields: [{ field: 'name' }], among: ['nothing_there'] }, { name: 'A B', fields: [{ field: 'name' }] }])
        assert.equal((await change([rule])).status, 422, JSON.stringify(rule));
      expect(await admin.patch(`/meta/objects/${name}/fields/serial`, { name: 'serial_number' }), 200);
      assert.equal(expect(await admin.get(`/meta/objects/${name}`), 200).duplicates[0].fields[0].field, 'serial_number');
      const one = await create(admin, `${name}s`, { name: 'x', serial_number: 'A-1 7' });
      assert.deepEqual((await ask(admin, `${name}s`, { serial_number: 'a17' })).items.map((i) => i.id), [one.id]);
    },
  },
  {
    name: 'the job finds pairs in existing data; what is not the same is remembered; a second run takes what changed',
    async run(server) {
      const admin = by(server);
      const core = han();
      const email = `${unique('pair')}@example.com`;
      const a = await create(admin, 'accounts', { name: `上海${core}物流有限公司`, email });
      const b = await create(admin, 'accounts', { name: `${core}物流`, email });
      const c = await create(admin, 'accounts', { name: `${han()}仓储` });
      await done(admin, await admin.post('/accounts/duplicates/search', { whole: true }));
      const list = async (status = 'open') => expect(await admin.get(`/accounts/duplicates?limit=200&status=${status}`), 200);
      const pairOf = (page, x, y) => page.items.find((p) => [p.a.id, p.b.id].sort().join() === [x, y].sort().join());
      const found = pairOf(await list(), a.id, b.id);
      assert.ok(found && found.score > 0.9, JSON.stringify(found));
      assert.deepEqual(new Set(found.because), new Set(['name', 'email']));
      expect(await admin.post(`/accounts/duplicates/${found.id}/dismiss`), 204);
      assert.equal(pairOf(await list(), a.id, b.id), undefined);
      assert.ok(pairOf(await list('dismissed'), a.id, b.id));
      assert.deepEqual((await ask(admin, 'accounts', { email }, a.id)).items, []);
      expect(await admin.patch(`/accounts/${c.id}`, { name: `${core}物流集团`, email }), 200);
      const second = await done(admin, await admin.post('/accounts/duplicates/search'));
      assert.equal(second.result.whole, false);
      assert.ok(second.result.looked_at >= 1);
      const page = await list();
      assert.ok(pairOf(page, a.id, c.id) && pairOf(page, b.id, c.id));
      assert.equal(pairOf(page, a.id, b.id), undefined);
      assert.equal(page.keys, 'ready');
      expect(await admin.post(`/accounts/duplicates/${found.id}/reopen`), 204);
      assert.ok(pairOf(await list(), a.id, b.id));
      const seller = by(server, (await makeUser(server, ['seller'])).key);
      assert.deepEqual(expect(await seller.get('/accounts/duplicates'), 200).items.filter((p) => [p.a.id, p.b.id].includes(a.id)), []);
      expectProblem(await seller.post(`/accounts/duplicates/${found.id}/dismiss`), 404, 'not_found');
      // rules that are new get their keys by the job, for records that were there before
      await withRules(admin, 'account', (rules) => [...rules, { name: 'same_short', fields: [{ field: 'short_name' }] }], async () => {
        await done(admin, await admin.post('/accounts/duplicates/search', { whole: true }));
        assert.ok(pairOf(await list(), a.id, c.id));
      });
    },
  },
  {
    name: 'rules are tried on what is there before they are saved: pairs, samples, other objects, threshold, rights; nothing is written',
    async run(server) {
      const admin = by(server);
      const name = `trial_${unique('d').replace(/\W/g, '')}`;
      expect(await admin.post('/meta/objects', { object: name, plural: `${name}s`, label: { 'zh-CN': '试算', en: 'Trial' }, traits: ['owned'], title: 'name',
        fields: [{ name: 'name', type: 'text', max: 100, label: { en: 'Name' } }, { name: 'serial', type: 'text', max: 40, label: { en: 'Serial' } }, { name: 'email', type: 'email', label: { en: 'E-mail' } }] }), 201);
      const core = han();
      const email = `${unique('trial')}@example.com`;
      const rows = [];
      for (const [label, serial, mail] of [[`上海${core}精密仪器设备有限公司`, 'A-17', email], [`${core}精密仪器设备`, 'a17', null], [`${han()}仓储`, 'A 17', null], [`${han()}贸易`, 'B-1', null]]) rows.push(await create(admin, `${name}s`, { name: label, serial, ...(mail ? { email: mail } : {}) }));
      const contact = await create(admin, 'contacts', { name: '别人', email });
      const trial = (client, duplicates) => client.post(`/meta/objects/${name}/duplicates/trial`, { duplicates });
      const result = async (duplicates) => (await done(admin, await trial(admin, duplicates))).result;
      const code = { name: 'code', fields: [{ field: 'serial', as: 'code' }] };
      const like = { name: 'like', fields: [{ field: 'name', as: 'company' }], fuzzy: true, action: 'off' };
      const told = await result([code, like, { name: 'both', fields: [code.fields[0], like.fields[0]], fuzzy: true }, { name: 'mail', fields: [{ field: 'email' }], among: ['contact'] }]);
      assert.deepEqual([told.records, told.looked_at, told.whole], [4, 4, true]);
      assert.deepEqual(told.rules.map((r) => [r.rule, r.pairs]), [['code', 3], ['like', 1], ['both', 1], ['mail', 1]]);
      assert.deepEqual(told.rules[1].samples.map((x) => [x.a, x.other, x.b]), [[rows[0].id, name, rows[1].id]]);
      assert.deepEqual(told.rules[3].samples.map((x) => [x.a, x.other, x.b]), [[rows[0].id, 'contact', contact.id]]);
      // a threshold above what the likeness says finds nothing, just below it the pair
      const { score } = (await result([{ ...like, fields: [like.fields[0], { field: 'email' }] , fuzzy: true }, like])).rules[1].samples[0];
      assert.ok(score > 0.5 && score < 1, String(score));
      expect(await admin.patch(`/${name}s/${rows[1].id}`, { name: `${core}精密仪器社备` }), 200); // it sounds the same, and is written otherwise
      const weak = (await result([like])).rules[0];
      assert.equal(weak.pairs, 1);
      const at = weak.samples[0].score;
      assert.ok(at < 0.999, String(at));
      assert.equal((await result([{ ...like, threshold: Math.min(0.9999, at + 0.0005) }])).rules[0].pairs, 0);
      assert.equal((await result([{ ...like, threshold: Math.max(0.5, at - 0.0005) }])).rules[0].pairs, 1);
      // nothing was saved, no pair waits; wrong rules are refused at their place
      assert.deepEqual(expect(await admin.get(`/meta/objects/${name}`), 200).duplicates ?? [], []);
      for (const [rule, field] of [[{ name: 'a', fields: [{ field: 'nothing' }] }, 'duplicates[0].fields[0].field'], [{ ...like, threshold: 0.2 }, 'duplicates[0].threshold'], [{ ...like, threshold: 1 }, 'duplicates[0].threshold']])
        assert.ok(fieldError(expectProblem(await trial(admin, [rule]), 422, 'validation'), field), JSON.stringify(rule));
      expectProblem(await trial(admin, []), 422, 'validation');
      // what was said not to be the same is not counted again; the threshold holds while somebody types
      expect(await admin.patch(`/meta/objects/${name}`, { duplicates: [{ ...like, action: 'warn', threshold: Math.min(0.9999, at + 0.0005) }] }), 200);
      assert.deepEqual((await ask(admin, `${name}s`, { name: rows[0].name }, rows[0].id)).items, []);
      expect(await admin.patch(`/meta/objects/${name}`, { duplicates: [{ ...like, action: 'warn' }] }), 200);
      await done(admin, await admin.post(`/${name}s/duplicates/search`, { whole: true }));
      const pair = expect(await admin.get(`/${name}s/duplicates`), 200).items[0];
      expect(await admin.post(`/${name}s/duplicates/${pair.id}/dismiss`), 204);
      assert.equal((await result([like])).rules[0].pairs, 0);
      // who may change the catalogue and not read it all is refused
      const role = unique('trial');
      expect(await admin.post('/roles', { code: role, name: role }), 201);
      const rights = (read, fields = {}) => admin.put(`/meta/access/${role}`, { objects: { [name]: { read, fields } }, system: ['customise'] });
      const user = await makeUser(server, [role]);
      for (const set of [['own'], ['all', { serial: 'hidden' }]]) { expect(await rights(...set), 200); expectProblem(await trial(user.client, [code]), 403, 'forbidden'); }
      expect(await rights('all'), 200);
      assert.equal((await done(user.client, await trial(user.client, [code]))).result.rules[0].pairs, 2);
    },
  },
  {
    name: 'merges several into one: fields chosen, everything moved, old ids lead on, and all of it taken back',
    async run(server) {
      const admin = by(server);
      const keep = await create(admin, 'accounts', { name: `${han()}医药`, phone: '02155550001', interests: ['a'] });
      const lose = await create(admin, 'accounts', { name: `${han()}医药有限公司`, phone: '02155550002', email: `${unique('x')}@example.com`, interests: ['b'] });
      const third = await create(admin, 'accounts', { name: `${han()}药业`, short_name: '药', parent: lose.id });
      const child = await create(admin, 'accounts', { name: `${han()}分店`, parent: lose.id });
      const contact = await create(admin, 'contacts', { name: '张三', account: lose.id });
      const followup = await create(admin, 'followups', { about: { object: 'account', id: lose.id }, content: '见面', method: 'phone' });
      const comment = await create(admin, 'comments', { about: { object: 'account', id: third.id }, body: '备注' });
      expect(await admin.put(`/me/marks/favourite/accounts/${lose.id}`), 204);
      const marked = async () => expect(await admin.get('/me/marks'), 200).favourite.map((m) => m.id);
      const body = { keep: keep.id, merge: [lose.id, third.id], choose: { phone: lose.id } };
      const dry = expect(await admin.post('/accounts/merge', { ...body, dry_run: true }), 200);
      assert.equal(dry.error, null);
      assert.deepEqual(dry.records.map((r) => r.id), [keep.id, lose.id, third.id]);
      const field = (name) => dry.fields.find((f) => f.field === name);
      assert.deepEqual(field('email'), { field: 'email', from: lose.id, differs: true, may_choose: true, list: false });
      assert.deepEqual([field('name').from, field('phone').from, field('interests').from], [keep.id, lose.id, 'all']);
      assert.ok(dry.moves.some((m) => m.object === 'contact' && m.count === 1));
      expect(await admin.get(`/accounts/${lose.id}`), 200); // nothing has happened
      const job = await done(admin, await admin.post('/accounts/merge', body));
      assert.equal(job.result.merged, 2);
      const now = expect(await admin.get(`/accounts/${keep.id}`), 200);
      assert.deepEqual([now.name, now.phone, now.email, now.short_name, now.interests], [keep.name, lose.phone, lose.email, '药', ['a', 'b']]);
      assert.equal(expect(await admin.get(`/contacts/${contact.id}`), 200).account.id, keep.id);
      assert.equal(expect(await admin.get(`/accounts/${child.id}`), 200).parent.id, keep.id);
      assert.equal(expect(await admin.get(`/followups/${followup.id}`), 200).about.id, keep.id);
      assert.equal(expect(await admin.get(`/comments/${comment.id}`), 200).about.id, keep.id);
      const led = await admin.get(`/accounts/${lose.id}`);
      assert.deepEqual([led.status, led.headers.location, led.body.merged_into], [308, `/api/v1/accounts/${keep.id}`, keep.id]);
      assert.equal(expect(await admin.get(`/accounts/${keep.id}/history`), 200).items[0].cause, 'merge');
      const bin = expect(await admin.get(`/accounts?deleted=true&filter=${q(`id = "${lose.id}"`)}`), 200);
      assert.equal(bin.items.length, 1);
      assert.ok((await marked()).includes(keep.id));
      expect(await admin.patch(`/contacts/${contact.id}`, { title: '经理' }), 200);
      const undo = await done(admin, await admin.post(`/batches/${job.batch}/undo`));
      assert.deepEqual(undo.result.skipped, [{ object: 'contact', id: contact.id, reason: 'changed_since' }]);
      assert.ok((await marked()).includes(lose.id) && !(await marked()).includes(keep.id));
      const back = expect(await admin.get(`/accounts/${lose.id}`), 200);
      assert.deepEqual([back.id, back.name, back.email], [lose.id, lose.name, lose.email]);
      const kept = expect(await admin.get(`/accounts/${keep.id}`), 200);
      assert.deepEqual([kept.phone, kept.email, kept.short_name, kept.interests], [keep.phone, null, null, ['a']]);
      assert.equal(expect(await admin.get(`/accounts/${child.id}`), 200).parent.id, lose.id);
      assert.equal(expect(await admin.get(`/accounts/${third.id}`), 200).parent.id, lose.id);
      assert.equal(expect(await admin.get(`/followups/${followup.id}`), 200).about.id, lose.id);
      assert.equal(expect(await admin.get(`/comments/${comment.id}`), 200).about.id, third.id);
    },
  },
  {
    name: 'a merge takes the rights to read all, change the kept and delete the others; what is hidden is not chosen',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const me = by(server, seller.key);
      const mine = await create(me, 'accounts', { name: `${han()}家具` });
      const theirs = await create(admin, 'accounts', { name: `${han()}家居` });
      expectProblem(await me.post('/accounts/merge', { keep: mine.id, merge: [theirs.id] }), 404, 'not_found');
      const second = await create(me, 'accounts', { name: `${han()}灯具` });
      const rights = expect(await me.get('/me'), 200).rights.objects.account;
      const answer = await me.post('/accounts/merge', { keep: mine.id, merge: [second.id] });
      assert.equal(answer.status, rights.delete === 'none' ? 403 : 202);
      expectProblem(await admin.post('/accounts/merge', { keep: mine.id, merge: [mine.id] }), 422, 'validation');
      expectProblem(await admin.post('/accounts/merge', { keep: mine.id, merge: [] }), 422, 'validation');
      expectProblem(await admin.post('/accounts/merge', { keep: mine.id, merge: [theirs.id], choose: { phone: '12345678901' } }), 422, 'validation');
      expectProblem(await admin.post('/accounts/merge', { keep: mine.id, merge: [theirs.id], choose: { order_total: theirs.id } }), 422, 'validation');
      expectProblem(await admin.post('/accounts/merge', { keep: mine.id, merge: [theirs.id], chose: {} }), 422, 'validation');
      expectProblem(await admin.post('/users/merge', { keep: seller.id, merge: [seller.id] }), 422, 'validation');
    },
  },
];
