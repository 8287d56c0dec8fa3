// SPDX-License-Identifier: Apache-2.0
// Search: Han, pinyin, parts of numbers, misspelt words; over all objects and in lists; what one may
// not see is neither found nor counted; a new generation is built beside the one that is read.
import { assert, by, create, expect, expectProblem, makeUser, rulesFilled, unique, upload, waitForJob, walk } from './lib.mjs';

const e = encodeURIComponent;
const search = async (client, q, more = '') => expect(await client.get(`/search?q=${e(q)}${more}`), 200);
const ids = (answer) => answer.items.map((item) => item.id);
const listed = async (client, plural, q, more = '') => expect(await client.get(`/${plural}?q=${e(q)}&count=exact${more}`), 200);

// Characters that no other scenario uses, so that counts are ours alone.
const firm = async (admin, name, more = {}) => create(admin, 'accounts', { name, ...more });

export const tests = [
  {
    name: 'who sees little finds all of it behind newer hits, the same as by a list',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const mine = [];
      for (const name of ['驫骉一号', '驫骉二号', '驫骉三号']) mine.push((await create(seller.client, 'accounts', { name })).id);
      const shared = await firm(admin, '驫骉四号');
      expect(await admin.post(`/accounts/${shared.id}/share`, { with: [{ user: seller.id }] }), 204);
      mine.push(shared.id, (await create(seller.client, 'contacts', { name: '驫骉明' })).id);
      const hidden = process.env.GUANXI_TEST_ENGINE === 'postgres' ? 200 : 1100; // PostgreSQL looks at a thousand
      for (let i = 0; i < hidden; i += 100) {
        const requests = Array.from({ length: 100 }, (_, k) => ({ method: 'POST', path: '/accounts', body: { name: `驫骉${i + k}` } }));
        expect(await admin.post('/batch', { requests }), 200);
      }
      for (const limit of ['', '&limit=1', '&limit=50']) {
        const answer = await search(seller.client, '驫骉', limit);
        assert.equal(answer.more, limit === '&limit=1');
        assert.deepEqual(limit === '&limit=1' ? ids(answer).every((id) => mine.includes(id)) : ids(answer).sort(), limit === '&limit=1' ? true : [...mine].sort(), limit);
      }
      assert.deepEqual(ids(await listed(seller.client, 'accounts', '驫骉')).sort(), mine.slice(0, 4).sort());
      assert.deepEqual(ids(await search(seller.client, '驫骉', '&objects=contact')), mine.slice(4));
      assert.equal((await search(admin, '驫骉', '&limit=50')).items.length, 50);
    },
  },
  {
    name: 'what is frequent among the newest hides nothing older from who sees none of it',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const mine = [];
      for (const name of ['鬮魙一', '鬮魙二']) mine.push((await create(seller.client, 'accounts', { name })).id);
      const many = async (n, name) => {
        for (let i = 0; i < n; i += 100) {
          const requests = Array.from({ length: 100 }, (_, k) => ({ method: 'POST', path: '/accounts', body: { name: `${name}${i + k}` } }));
          expect(await admin.post('/batch', { requests }), 200);
        }
      };
      await many(2000, 'filler'); // mine are older than all that are looked at first
      await many(100, '鬮魙');
      assert.deepEqual(ids(await search(seller.client, '鬮魙')).sort(), mine);
      assert.deepEqual(ids(await search(seller.client, '鬮魙一')), mine.slice(0, 1));
      const all = await search(admin, '鬮魙');
      assert.equal(all.items.length, 10);
      assert.ok(all.items.every((item) => BigInt(item.id) > BigInt(mine[1])));
    },
  },
  {
    name: 'what is kept of what somebody sees follows every change before the next search',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const other = await makeUser(server, ['seller']);
      const hits = async (q = '灪麣') => ids(await search(seller.client, q, '&limit=50')).sort();
      const mine = (await create(seller.client, 'accounts', { name: '灪麣一号' })).id;
      const lost = (await create(seller.client, 'accounts', { name: '灪麣二号' })).id;
      const hidden = [];
      for (let i = 0; i < 200; i += 100) {
        const requests = Array.from({ length: 100 }, (_, k) => ({ method: 'POST', path: '/accounts', body: { name: `灪麣${i + k}` } }));
        hidden.push(...expect(await admin.post('/batch', { requests }), 200).items.map((r) => r.body.id));
      }
      const share = (id, verb = 'share') => admin.post(`/accounts/${id}/${verb}`, { with: [{ user: seller.id }] });
      expect(await share(hidden[5]), 204); // the first one makes his rights anew, later ones do not
      for (let i = 0; i < 3; i++) assert.deepEqual(await hits(), [mine, lost, hidden[5]].sort()); // kept from the second on, where it is
      expect(await share(hidden[3]), 204);
      assert.deepEqual(await hits(), [mine, lost, hidden[5], hidden[3]].sort());
      for (const id of [hidden[3], hidden[5]]) expect(await share(id, 'unshare'), 204);
      assert.deepEqual(await hits(), [mine, lost].sort());
      const made = (await create(seller.client, 'accounts', { name: '灪麣三号' })).id;
      assert.deepEqual(await hits(), [mine, lost, made].sort());
      expect(await admin.patch(`/accounts/${hidden[7]}`, { owner: seller.id }), 200);
      assert.deepEqual(await hits(), [mine, lost, made, hidden[7]].sort());
      expect(await admin.patch(`/accounts/${lost}`, { owner: other.id }), 200);
      expect(await admin.delete(`/accounts/${hidden[7]}`), 204);
      assert.deepEqual(await hits(), [mine, made].sort());
      expect(await admin.patch(`/accounts/${mine}`, { name: '灪麣九号' }), 200);
      assert.deepEqual(await hits('灪麣九'), [mine]);
      assert.deepEqual((await search(seller.client, '灪麣一')).items.map((item) => [item.id, item.match.field]), [[mine, 'former_names']]);
      const many = Array.from({ length: 1100 }, (_, k) => ({ method: 'POST', path: '/contacts', body: { name: `无${k}` } }));
      for (let i = 0; i < many.length; i += 100) expect(await admin.post('/batch', { requests: many.slice(i, i + 100) }), 200); // more than is remembered
      const after = (await create(seller.client, 'accounts', { name: '灪麣四号' })).id;
      assert.deepEqual(await hits(), [mine, made, after].sort());
    },
  },
  {
    name: 'what is kept of what somebody sees follows merges, their undo, and sharing rules',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const requests = Array.from({ length: 100 }, (_, k) => ({ method: 'POST', path: '/accounts', body: { name: `灪齾${k}` } }));
      const hidden = [];
      for (let i = 0; i < 3; i++) hidden.push(...expect(await admin.post('/batch', { requests }), 200).items.map((r) => r.body.id));
      const [lost, keep, meets, other] = hidden;
      const hits = async () => ids(await search(seller.client, '灪齾', '&limit=50')).sort();
      const settled = async (seen) => { // it is read in the second or third of these
        for (let i = 0; i < 4; i++) assert.deepEqual(await hits(), seen);
      };
      const job = async (answer) => {
        const done = await waitForJob(admin, answer);
        assert.equal(done.status, 'done', JSON.stringify(done));
        return done;
      };
      const rule = { object: 'account', when: 'name starts "灪齾" and founded_year = 1901', with: { user: seller.id }, level: 'read' };
      const { id } = expect(await admin.post('/meta/sharing-rules', rule), 201);
      await rulesFilled(admin);
      expect(await admin.post(`/accounts/${lost}/share`, { with: [{ user: seller.id }] }), 204);
      await settled([lost]);
      const merged = await job(await admin.post('/accounts/merge', { keep, merge: [lost] }));
      assert.deepEqual(await hits(), [keep], 'shares move to the kept record');
      await settled([keep]);
      await job(await admin.post(`/batches/${merged.batch}/undo`));
      assert.deepEqual(await hits(), [lost], 'and back');
      await settled([lost]);
      expect(await admin.patch(`/accounts/${meets}`, { founded_year: 1901 }), 200);
      assert.deepEqual(await hits(), [lost, meets].sort(), 'a record begins to meet a rule');
      expect(await admin.patch(`/accounts/${other}`, { founded_year: 1902 }), 200);
      await settled([lost, meets].sort());
      expect(await admin.put(`/meta/sharing-rules/${id}`, { ...rule, object: undefined, when: rule.when.replace('= 1901', '>= 1901') }), 200);
      for (let i = 0; i < 4; i++) await hits(); // while it is filled
      await rulesFilled(admin);
      assert.deepEqual(await hits(), [lost, meets, other].sort(), 'a rule is changed');
      await settled([lost, meets, other].sort());
      expect(await admin.delete(`/meta/sharing-rules/${id}`), 204);
      assert.deepEqual(await hits(), [lost]);
    },
  },
  {
    name: 'one and two Han characters, pinyin, letters, parts of phones and mails, traditional forms and width',
    async run(server) {
      const admin = by(server);
      const bank = await firm(admin, '長沙犇鱻銀行', { english_name: 'Benxian Bank', phone: '+86 731 8765 4319', email: 'office@benxian-bank.example' });
      const place = await firm(admin, '重庆犇鱻火锅');
      const person = await create(admin, 'contacts', { name: '单雄犇', account: place.id, mobile: '13955570123' });
      for (const q of ['鱻', '犇鱻', '长沙犇', '長沙犇鱻', 'changshabenxian', 'csbx', 'benxianyinhang', 'ｂｅｎｘｉａｎ bank', '87654319', '5431', '0731-8765-4319', 'office@benxian', '犇鱻 bank']) {
        assert.ok(ids(await search(admin, q)).includes(bank.id), q);
        assert.ok(ids(await listed(admin, 'accounts', q)).includes(bank.id), `list ${q}`);
      }
      for (const q of ['chongqingbenxian', 'cqbx', '重慶犇', 'zhongqingben']) assert.ok(ids(await search(admin, q)).includes(place.id), q);
      for (const q of ['shanxiongben', 'sxb', 'danxiong', '5557', '雄犇']) assert.ok(ids(await search(admin, q)).includes(person.id), q);
      for (const q of ['鱻犇', 'shabenchang', '54320', 'nxian']) assert.ok(!ids(await search(admin, q)).includes(bank.id), q);
    },
  },
  {
    name: 'the form of an answer: object, title, subtitle, where it matched, in code points',
    async run(server) {
      const admin = by(server);
      const account = await firm(admin, '😀杭州麤鑫科技', { phone: '057188112233' });
      const contact = await create(admin, 'contacts', { name: '麤小明', account: account.id });
      const answer = await search(admin, '麤鑫 keji');
      assert.deepEqual(answer, { items: [{ object: 'account', id: account.id, title: '😀杭州麤鑫科技', subtitle: answer.items[0].subtitle, match: { field: 'name', ranges: [[3, 5], [5, 7]] } }], more: false });
      const [hit] = (await search(admin, '麤小明')).items;
      assert.deepEqual(hit, { object: 'contact', id: contact.id, title: '麤小明', subtitle: '😀杭州麤鑫科技', match: { field: 'name', ranges: [[0, 3]] } });
      const [phone] = (await search(admin, '88112233')).items;
      assert.equal(phone.match.field, 'phone');
      assert.deepEqual([...phone.subtitle].slice(...phone.match.ranges[0]).join(''), '88112233');
    },
  },
  {
    name: 'ranking: the title itself, titles that begin with it, then the newest',
    async run(server) {
      const admin = by(server);
      const exact = await firm(admin, '靐龘');
      const head = await firm(admin, '靐龘上海');
      const old = await firm(admin, '北京靐龘甲');
      const young = await firm(admin, '北京靐龘乙');
      assert.deepEqual(ids(await search(admin, '靐龘')), [exact.id, head.id, young.id, old.id]);
      const two = await search(admin, '靐龘', '&limit=2');
      assert.deepEqual(ids(two), [exact.id, head.id]);
      assert.equal(two.more, true);
      assert.deepEqual(ids(await search(admin, '靐龘', '&objects=contact')), []);
      assert.deepEqual(ids(await search(admin, '靐龘', '&objects=contact,account&limit=1')), [exact.id]);
    },
  },
  {
    name: 'a Latin word of five letters and more is found with one letter wrong',
    async run(server) {
      const admin = by(server);
      const account = await firm(admin, 'Xylophonics Trading');
      for (const q of ['xylophonics', 'xylophoncis', 'xylophonic', 'xylophonicss', 'zylophonics', 'tradnig xylophoncs']) assert.ok(ids(await search(admin, q)).includes(account.id), q);
      assert.ok(ids(await listed(admin, 'accounts', 'xylophoncis')).includes(account.id));
      assert.ok(!ids(await search(admin, 'xylophqncjs')).includes(account.id));
    },
  },
  {
    name: 'q keeps sort, filter, pages, counts and aggregates of a list',
    async run(server) {
      const admin = by(server);
      const made = [];
      for (let i = 0; i < 25; i++) made.push(await firm(admin, `${String.fromCharCode(90 - i)} 驫馬公司`, { founded_year: 1950 + i }));
      const list = await listed(admin, 'accounts', '驫馬', '&sort=founded_year&limit=5');
      assert.deepEqual(ids(list), made.slice(0, 5).map((r) => r.id));
      assert.deepEqual(list.count, { value: 25, exact: true });
      const seen = await walk(admin, `/accounts?q=${e('驫马')}&sort=-founded_year`);
      assert.deepEqual(seen.map((r) => r.id ?? r), made.map((r) => r.id).reverse());
      const some = await listed(admin, 'accounts', 'bm', `&filter=${e('founded_year >= 1970')}&sort=founded_year`);
      assert.deepEqual(ids(some), made.slice(20).map((r) => r.id));
      const sum = expect(await admin.post('/accounts/aggregate', { measures: ['count', { max: 'founded_year' }], q: '驫馬' }), 200);
      assert.equal(sum.total.count, 25);
      const body = expect(await admin.post('/accounts/query', { q: '驫馬 公司', limit: 3, sort: '-founded_year' }), 200);
      assert.deepEqual(ids(body), made.slice(22).map((r) => r.id).reverse());
      expect(await admin.delete(`/accounts/${made[0].id}`), 204);
      assert.equal((await listed(admin, 'accounts', '驫馬')).count.value, 24);
      const bin = expect(await admin.get(`/accounts?q=${e('驫馬')}&deleted=true`), 200);
      assert.deepEqual(ids(bin), [made[0].id]);
      expect(await admin.post(`/accounts/${made[0].id}/restore`), 200);
      assert.equal((await listed(admin, 'accounts', '驫馬')).count.value, 25);
    },
  },
  {
    name: 'contains in a filter is exact whatever the index knows',
    async run(server) {
      const admin = by(server);
      const a = await firm(admin, '龖靇ABCdef公司');
      const b = await firm(admin, '龖 靇');
      for (const [needle, found] of [['龖靇', [a.id]], ['靇abc', [a.id]], ['CDE', [a.id]], ['龖 靇', [b.id]], ['龖', [b.id, a.id]], ['靇abcdef公', [a.id]]]) {
        const list = expect(await admin.get(`/accounts?filter=${e(`name ~ ${JSON.stringify(needle)}`)}&fields=name`), 200);
        assert.deepEqual(ids(list).filter((id) => id === a.id || id === b.id), found, needle);
        const either = expect(await admin.get(`/accounts?filter=${e(`not (name ~ ${JSON.stringify(needle)}) and id in ("${a.id}", "${b.id}")`)}&fields=name`), 200);
        assert.equal(either.items.length, 2 - found.length, needle);
      }
    },
  },
  {
    name: 'what one may not see is neither found nor counted: records, fields, objects',
    async run(server) {
      const admin = by(server);
      const mark = '蠿齾';
      const mine = await makeUser(server, ['seller']);
      const theirs = await makeUser(server, ['seller']);
      const secret = await create(theirs.client, 'accounts', { name: `${mark}秘密`, phone: '13712349876' });
      const own = await create(mine.client, 'accounts', { name: `${mark}公开`, phone: '13712340000' });
      for (const q of [mark, '13712349876', '9876']) {
        const text = JSON.stringify(await search(mine.client, q));
        assert.ok(!text.includes('秘密') && !text.includes(secret.id), q);
        assert.equal((await search(mine.client, q)).more, false);
        const list = await listed(mine.client, 'accounts', q);
        assert.ok(!JSON.stringify(list).includes(secret.id));
      }
      assert.equal((await listed(mine.client, 'accounts', mark)).count.value, 1);
      assert.deepEqual(ids(await search(theirs.client, mark)), [secret.id]);
      assert.deepEqual(ids(await search(admin, mark)).sort(), [secret.id, own.id].sort());

      const role = unique('blind').replace('-', '_');
      expect(await admin.post('/roles', { code: role, name: role }), 201);
      expect(await admin.put(`/meta/access/${role}`, { role, objects: { account: { read: 'all', fields: { phone: 'hidden' } } } }), 200);
      const blind = await makeUser(server, [role]);
      assert.deepEqual(ids(await search(blind.client, mark)).sort(), [secret.id, own.id].sort());
      assert.deepEqual((await search(blind.client, '13712349876')).items, []);
      assert.deepEqual((await search(blind.client, `${mark} 9876`)).items, []);
      assert.equal((await listed(blind.client, 'accounts', '13712349876')).count.value, 0);
      assert.equal((await listed(blind.client, 'accounts', mark)).count.value, 2);
      assert.equal((await listed(blind.client, 'accounts', 'gongkai')).items.some((r) => r.id === own.id), true);
      const sum = expect(await blind.client.post('/accounts/aggregate', { measures: ['count'], q: '13712349876' }), 200);
      assert.equal(sum.total.count, 0);
      expectProblem(await blind.client.get(`/search?q=x&objects=contact`), 400, 'bad_parameter');
      assert.equal((await search(admin, '13712349876')).items[0].id, secret.id);
    },
  },
  {
    name: 'changed and undone records are found by what they are now',
    async run(server) {
      const admin = by(server);
      const account = await firm(admin, '灪爨甲');
      const renamed = expect(await admin.patch(`/accounts/${account.id}`, { name: '灪爨乙' }), 200);
      assert.equal(renamed.name, '灪爨乙');
      assert.deepEqual((await search(admin, '爨甲')).items.map((item) => [item.id, item.match.field]), [[account.id, 'former_names']]);
      expect(await admin.patch(`/accounts/${account.id}`, { english_name: '灪爨己' }), 200);
      assert.deepEqual(ids(await search(admin, '爨己')), [account.id]);
      expect(await admin.patch(`/accounts/${account.id}`, { english_name: '灪爨庚' }), 200);
      assert.deepEqual(ids(await search(admin, '爨己')), []);
      assert.deepEqual(ids(await search(admin, '爨乙')), [account.id]);
      const file = 'name,phone\n灪爨丁,13800138222\n灪爨戊,\n';
      const done = await waitForJob(admin, await upload(server, server.key, '/accounts/import', file, 'a.csv', { mapping: { name: 'name', phone: 'phone' }, mode: 'create' }));
      assert.equal(done.result.created, 2);
      assert.equal((await search(admin, '灪爨')).items.length, 3);
      await waitForJob(admin, await admin.post(`/batches/${done.batch}/undo`));
      assert.deepEqual(ids(await search(admin, '灪爨')), [account.id]);
    },
  },
  {
    name: 'a field that begins to be searched starts a new generation',
    async run(server) {
      const admin = by(server);
      const name = unique('relic').replace('-', '_');
      expect(await admin.post('/meta/objects', { object: name, plural: `${name}s`, area: 'sales', label: { 'zh-CN': '文物', en: 'Relic' }, title: 'name',
        fields: [{ name: 'name', type: 'text', required: true, search: true, label: { 'zh-CN': '名称', en: 'Name' } }, { name: 'mail', type: 'email', label: { 'zh-CN': '邮箱', en: 'Mail' } }] }), 201);
      const relic = await create(admin, `${name}s`, { name: '龗鬱', mail: 'keeper@qwertz-museum.example' });
      assert.deepEqual(ids(await search(admin, '龗鬱')), [relic.id]);
      assert.deepEqual(ids(await search(admin, 'qwertz')), []);
      expect(await admin.patch(`/meta/objects/${name}/fields/mail`, { search: true }), 200);
      for (let i = 0; i < 100 && !ids(await search(admin, 'qwertz')).length; i++) await new Promise((r) => setTimeout(r, 200));
      assert.deepEqual(ids(await search(admin, 'qwertz')), [relic.id]);
      assert.deepEqual(ids(await search(admin, '龗鬱')), [relic.id]);
      const later = await create(admin, `${name}s`, { name: '龗鬱二', mail: 'other@qwertz-museum.example' });
      assert.deepEqual(ids(await search(admin, 'qwertz')), [later.id, relic.id]);
    },
  },
  {
    name: 'bad questions are refused with their place',
    async run(server) {
      const admin = by(server);
      const place = (problem, field) => assert.ok(problem.errors.some((x) => x.field === field), JSON.stringify(problem));
      assert.deepEqual(expect(await admin.get('/search'), 200), { items: [], more: false });
      place(expectProblem(await admin.get(`/search?q=${'x'.repeat(101)}`), 400, 'bad_parameter'), 'q');
      place(expectProblem(await admin.get('/search?q=x&limit=51'), 400, 'bad_parameter'), 'limit');
      place(expectProblem(await admin.get('/search?q=x&objects=nonsense'), 400, 'bad_parameter'), 'objects');
      place(expectProblem(await admin.get(`/accounts?q=${'x'.repeat(101)}`), 400, 'bad_parameter'), 'q');
      expectProblem(await admin.get('/search?q=x&sort=name'), 400, 'bad_parameter');
      for (const q of ['', '   ', '"', "' OR 1=1 --", '* ^ = ( ) AND NEAR', 'a AND b OR NOT c', "' & | ! :*"]) {
        const answer = await search(admin, q);
        assert.ok(Array.isArray(answer.items), q);
        expect(await admin.get(`/accounts?q=${e(q)}`), 200);
      }
      assert.deepEqual(await search(admin, '***'), { items: [], more: false });
    },
  },
];
