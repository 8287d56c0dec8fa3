// SPDX-License-Identifier: Apache-2.0
// Lists as files of other programs: SPSS read by PSPP, cards and calendars read by readers of npm; watermark; the log of exports.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ICAL from 'ical.js';
import VCard from 'vcf';
import { assert, by, create, expect, expectProblem, makeUser, unique, waitForJob } from './lib.mjs';

async function exported(server, client, plural, body) {
  const accepted = await client.post(`/${plural}/export`, body);
  assert.equal(accepted.status, 202, accepted.text);
  const job = await waitForJob(client, accepted);
  assert.equal(job.status, 'done', JSON.stringify(job));
  const { text, headers } = await client.get(job.result.file.url);
  const bytes = Buffer.from(await (await fetch(`http://127.0.0.1:${server.port}${job.result.file.url}`, { headers: { Authorization: `Bearer ${server.key}` } })).arrayBuffer());
  return { ...job.result, text, bytes, type: headers['content-type'] };
}

// A file as PSPP understands it: its dictionary and its rows.
function pspp(bytes, commands) {
  const dir = mkdtempSync(join(tmpdir(), 'guanxi-sav-'));
  try {
    writeFileSync(join(dir, 'in.sav'), bytes);
    writeFileSync(join(dir, 'run.sps'), `GET FILE='in.sav'.\n${commands}\n`);
    const run = spawnSync('pspp', ['-O', 'format=csv', '-o', 'out.csv', 'run.sps'], { cwd: dir, encoding: 'utf8', env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' } });
    assert.equal(run.status, 0, `${run.stderr}${run.stdout}`);
    assert.equal(run.stderr.replace(/^.*(gtk|dconf).*$/gim, '').trim(), '');
    return readFileSync(join(dir, 'out.csv'), 'utf8');
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const label = (text, en = text) => ({ 'zh-CN': text, en });
const sample = () => unique('study').replaceAll('-', '_').toLowerCase();

async function study(admin) {
  const object = sample();
  const choices = [{ value: 'new', label: label('新客户', 'New') }, { value: 'old', label: label('老客户', 'Old') }];
  expect(await admin.post('/meta/objects', { object, plural: `${object}s`, title: 'name', label: label('调查', 'Study'), fields: [
    { name: 'name', type: 'text', label: label('名称', 'Name') }, { name: 'kind', type: 'choice', choices, label: label('类型', 'Kind') },
    { name: 'channels', type: 'choices', choices: [{ value: 'web', label: label('网站', 'Web') }, { value: 'shop', label: label('门店', 'Shop') }], label: label('渠道', 'Channels') },
    { name: 'amount', type: 'money', label: label('金额', 'Amount') }, { name: 'score', type: 'decimal', scale: 2, label: label('得分', 'Score') }, { name: 'stars', type: 'rating', label: label('星级', 'Stars') },
    { name: 'is_open', type: 'boolean', label: label('开放', 'Open') }, { name: 'day', type: 'date', label: label('日期', 'Day') }, { name: 'at', type: 'datetime', label: label('时间', 'At') },
    { name: 'lasts', type: 'duration', label: label('时长', 'Lasts') }, { name: 'story', type: 'long_text', max: 20000, label: label('说明', 'Story') }, { name: 'account', type: 'link', to: 'account', inverse: `${object}_of`, label: label('客户', 'Account') }] }), 201);
  return `${object}s`;
}

export const tests = [
  {
    name: 'SPSS: PSPP reads numbers, dates, labels, sets, long texts and missing values as they are',
    async run(server) {
      const admin = by(server);
      const plural = await study(admin);
      const account = await create(admin, 'accounts', { name: unique('杭州') });
      const story = '长文'.repeat(300) + 'end';
      await create(admin, plural, { name: 'a', kind: 'new', channels: ['web'], amount: { value: '1234.50', currency: 'CNY' }, score: '-0.25', stars: 4, is_open: true, day: '2026-03-01', at: '2026-03-01T02:03:04Z', lasts: 'PT26H30M', story, account: account.id });
      await create(admin, plural, { name: 'b', kind: 'old', channels: ['shop', 'web'], is_open: false, day: '1899-12-31' });
      await create(admin, plural, { name: 'c' });
      const fields = 'name,kind,channels,amount,score,stars,is_open,day,at,lasts,account,account.name,story';
      const out = await exported(server, admin, plural, { format: 'sav', fields, sort: 'name' });
      assert.deepEqual([out.rows, out.truncated, out.type], [3, 0, 'application/x-spss-sav']);
      const zone = expect(await admin.get('/me'), 200).user?.time_zone ?? 'Asia/Shanghai';
      const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date('2026-03-01T02:03:04Z'));
      const rows = pspp(out.bytes, `LIST /VARIABLES=name kind channels_web channels_shop amount amount_currency score stars is_open day at lasts account account_name.
        COMPUTE n = LENGTH(RTRIM(story)).
LIST /VARIABLES=n.
DISPLAY DICTIONARY.
DISPLAY DOCUMENTS.
FREQUENCIES /VARIABLES=kind.
MRSETS /DISPLAY NAME=ALL.`);
      const row = rows.split('\n').find((line) => line.startsWith('a,') || line.startsWith('"a'));
      assert.ok(row, rows);
      const day = Date.parse(`${wall.replace(' ', 'T')}Z`);
      assert.match(row, /^a,1,1,0,1234\.50,CNY,-\.25,4,1,2026\/03\/01,/, row);
      assert.ok(row.includes(`${String(new Date(day).getUTCDate()).padStart(2, '0')}-MAR-2026 ${wall.slice(11)}`), row);
      assert.match(row, /1 02:30:00/);
      assert.ok(row.endsWith(`${account.name},${account.name}`), row);
      assert.match(rows, /^b,2,1,1,\. *,.*,0,1899\/12\/31,\.,\./m);
      assert.match(rows, /^c,\.,\.,\.,\. *,,\. *,\.,\.,\.,\.,\.,,$/m);
      assert.match(rows, new RegExp(`^${Buffer.byteLength(story)}(\\.00)?$`, 'm'));
      const english = rows.includes('Kind');
      assert.ok(rows.includes(english ? 'New' : '新客户') && rows.includes(english ? 'Shop' : '门店'), rows);
      assert.match(rows, /^\$channels,/m);
      assert.match(rows, /Nominal/);
      assert.match(rows, /Ordinal/);
      assert.match(rows, /Scale/);
      assert.ok(rows.includes(`· ${new Date().getFullYear()}`), rows);
      const packed = await exported(server, admin, plural, { format: 'zsav', fields, sort: 'name' });
      assert.deepEqual([packed.bytes.subarray(0, 4).toString(), packed.rows, packed.file.name.endsWith('.zsav')], ['$FL3', 3, true]);
      assert.equal(pspp(packed.bytes, 'LIST.\nDISPLAY DICTIONARY.'), pspp(out.bytes, 'LIST.\nDISPLAY DICTIONARY.'), 'the same as without compression');
      const codes = pspp((await exported(server, admin, plural, { format: 'sav', fields: 'name,kind', values: 'codes', sort: 'name' })).bytes, 'LIST.');
      assert.match(codes, /^a,new *$/m);
      assert.match(codes, /^c, *$/m);
    },
  },
  {
    name: 'SPSS: an empty list and one of many variables are files too',
    async run(server) {
      const admin = by(server);
      const plural = await study(admin);
      const none = pspp((await exported(server, admin, plural, { format: 'sav' })).bytes, 'DISPLAY DICTIONARY.');
      assert.match(none, /story/);
      await create(admin, 'accounts', { name: unique('wide') });
      const empty = pspp((await exported(server, admin, plural, { format: 'zsav' })).bytes, 'DISPLAY DICTIONARY.');
      assert.match(empty, /story/);
      const wide = await exported(server, admin, 'accounts', { format: 'sav' });
      assert.match(pspp(wide.bytes, 'DESCRIPTIVES /VARIABLES=founded_year.\nDISPLAY DICTIONARY.'), /annual_revenue_currency/);
    },
  },
  {
    name: 'cards 4.0 and 3.0 are read back by two readers, one card and a list, folded and escaped',
    async run(server) {
      const admin = by(server);
      const account = await create(admin, 'accounts', { name: `${unique('阳光')}, 有限公司`, phone: '+8657188886666' });
      const long = `第一行；${'很长的说明'.repeat(40)}\n第二行, with \\ and ;`;
      const mark = unique('Kartei');
      await create(admin, 'contacts', { name: '欧阳明华', account: account.id, title: '采购经理', mobile: '13800138000', email: 'ming@example.com', department_name: '采购,部', birthday: '1985-04-12', gender: 'female', description: long, interests: ['golf', '茶'], wechat_id: mark, address: { province: 'zhejiang', city: 'hangzhou', district: '西湖区', street: '文三路 1 号', postcode: '310000' } });
      await create(admin, 'contacts', { name: 'Anna Maria Li', wechat_id: mark });
      const filter = `wechat_id = "${mark}"`;
      const four = await exported(server, admin, 'contacts', { format: 'vcard', filter, sort: 'name' });
      assert.deepEqual([four.rows, four.type], [2, 'text/vcard']);
      for (const line of four.text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
      assert.ok(!four.text.replaceAll('\r\n', '').includes('\n'));
      const cards = ICAL.parse(four.text).map((c) => new ICAL.Component(c));
      const of = (name) => cards.find((c) => c.getFirstPropertyValue('fn') === name);
      const ming = of('欧阳明华');
      assert.deepEqual(ming.getFirstPropertyValue('n').slice(0, 2), ['欧阳', '明华']);
      assert.deepEqual(of('Anna Maria Li').getFirstPropertyValue('n').slice(0, 2), ['Li', 'Anna Maria']);
      assert.equal(ming.getFirstPropertyValue('version'), '4.0');
      assert.deepEqual(ming.getFirstPropertyValue('org'), [account.name, '采购,部']);
      assert.equal(ming.getFirstPropertyValue('note'), long);
      assert.equal(ming.getFirstPropertyValue('bday').toString(), '1985-04-12');
      assert.equal(ming.getFirstPropertyValue('gender'), 'F');
      assert.equal(ming.getFirstPropertyValue('tel').replace(/^\+86/, ''), '13800138000');
      assert.deepEqual(ming.getFirstProperty('categories').getValues().sort(), ['golf', '茶']);
      assert.deepEqual(ming.getFirstPropertyValue('adr').slice(2, 6), ['西湖区文三路 1 号', expectCity(four.text), ming.getFirstPropertyValue('adr')[4], '310000']);
      const [one] = VCard.parse((await exported(server, admin, 'contacts', { format: 'vcard3', filter: `${filter} and name = "欧阳明华"` })).text);
      assert.equal(one.get('version').valueOf(), '3.0');
      assert.equal(one.get('email').valueOf(), 'ming@example.com');
      assert.equal(one.get('bday').valueOf(), '1985-04-12');
      assert.equal(one.get('kind'), undefined);
      const firm = (await exported(server, admin, 'accounts', { format: 'vcard', filter: `id = "${account.id}"` })).text;
      const card = new ICAL.Component(ICAL.parse(firm));
      assert.equal(card.getFirstPropertyValue('kind'), 'org');
      assert.deepEqual([card.getFirstPropertyValue('org')].flat(), [account.name]);
      assert.equal((await exported(server, admin, 'users', { format: 'vcard', filter: 'login = "admin"' })).rows, 1);
      expectProblem(await admin.post('/orders/export', { format: 'vcard' }), 400, 'bad_parameter');
    },
  },
  {
    name: 'calendars: meetings, repeated and whole-day ones, and tasks are read back with their times',
    async run(server) {
      const admin = by(server);
      const mark = unique('Termin');
      const meeting = (more) => create(admin, 'meetings', { subject: mark, starts_at: '2026-03-02T01:00:00Z', ends_at: '2026-03-02T02:30:00Z', ...more });
      await meeting({ place: '一号会议室; 3 楼', agenda: '<p>议程 <b>一</b></p>', visibility: 'private' });
      await meeting({ recurrence: 'FREQ=WEEKLY;BYDAY=MO', status: 'cancelled' });
      await meeting({ is_all_day: true, starts_at: '2026-03-02T16:00:00Z', ends_at: '2026-03-03T17:00:00Z' });
      const out = await exported(server, admin, 'meetings', { format: 'ics', filter: `subject = "${mark}"`, sort: 'id' });
      assert.match(out.type, /^text\/calendar/);
      const root = new ICAL.Component(ICAL.parse(out.text));
      const zone = root.getFirstSubcomponent('vtimezone');
      const name = zone.getFirstPropertyValue('tzid');
      ICAL.TimezoneService.register(new ICAL.Timezone(zone), name);
      const events = root.getAllSubcomponents('vevent').map((c) => new ICAL.Event(c));
      assert.equal(events.length, 3);
      const [plain, weekly, whole] = events;
      assert.equal(plain.startDate.toJSDate().toISOString(), '2026-03-02T01:00:00.000Z');
      assert.equal(plain.endDate.toJSDate().toISOString(), '2026-03-02T02:30:00.000Z');
      assert.equal(plain.location, '一号会议室; 3 楼');
      assert.match(plain.description, /议程 一/);
      assert.equal(plain.component.getFirstPropertyValue('class'), 'PRIVATE');
      assert.equal(weekly.startDate.toJSDate().toISOString(), '2026-03-02T01:00:00.000Z');
      assert.equal(weekly.startDate.zone.tzid, name);
      assert.ok(weekly.isRecurring());
      assert.equal(weekly.component.getFirstPropertyValue('status'), 'CANCELLED');
      assert.ok(whole.startDate.isDate && whole.endDate.isDate);
      if (name === 'Asia/Shanghai') assert.deepEqual([whole.startDate.toString(), whole.endDate.toString()], ['2026-03-03', '2026-03-05']);
      assert.equal(new Set(events.map((e) => e.uid)).size, 3);
      await create(admin, 'tasks', { subject: mark, due_at: '2026-03-05T09:00:00Z', priority: 'high', status: 'doing' });
      await create(admin, 'tasks', { subject: mark });
      const tasks = new ICAL.Component(ICAL.parse((await exported(server, admin, 'tasks', { format: 'ics', filter: `subject = "${mark}"`, sort: 'id' })).text)).getAllSubcomponents('vtodo');
      assert.equal(tasks.length, 2);
      assert.equal(tasks[0].getFirstPropertyValue('due').toJSDate().toISOString(), '2026-03-05T09:00:00.000Z');
      assert.deepEqual([tasks[0].getFirstPropertyValue('status'), tasks[0].getFirstPropertyValue('priority')], ['IN-PROCESS', 3]);
      const account = await create(admin, 'accounts', { name: unique('visited') });
      await create(admin, 'visits', { purpose: 'first', account: account.id, planned_at: '2026-03-06T01:00:00Z', planned_duration: 'PT90M' });
      await create(admin, 'visits', { purpose: 'first', account: account.id });
      const visits = await exported(server, admin, 'visits', { format: 'ics', filter: `account = "${account.id}"` });
      assert.deepEqual([visits.rows, visits.skipped], [2, 1]);
      const [visit] = new ICAL.Component(ICAL.parse(visits.text)).getAllSubcomponents('vevent').map((c) => new ICAL.Event(c));
      assert.ok(visit.summary.endsWith(account.name), visit.summary);
      assert.equal(visit.endDate.toJSDate().toISOString(), '2026-03-06T02:30:00.000Z');
      expectProblem(await admin.post('/accounts/export', { format: 'ics' }), 400, 'bad_parameter');
    },
  },
  {
    name: 'a watermark names who and when in every row; the log tells who took how much away',
    async run(server) {
      const admin = by(server);
      const word = unique('marked');
      await create(admin, 'accounts', { name: word });
      const filter = `name = "${word}"`;
      const mine = expect(await admin.get('/me'), 200).user.name;
      const csv = await exported(server, admin, 'accounts', { fields: 'name', filter, watermark: true });
      assert.match(csv.text.split('\r\n')[1], new RegExp(`^${word},${mine} · \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d$`));
      const line = JSON.parse((await exported(server, admin, 'accounts', { fields: 'name', filter, watermark: true, format: 'jsonl' })).text);
      assert.ok(line._exported.startsWith(mine), line._exported);
      assert.ok(!(await exported(server, admin, 'accounts', { fields: 'name', filter })).text.includes(' · '));
      const log = expect(await admin.get('/access-log'), 200).items;
      const entry = log.find((e) => e.kind === 'export' && e.object === 'account' && e.detail === `csv: ${filter}`);
      assert.deepEqual([entry.rows, entry.by.title], [1, mine], JSON.stringify(entry));
      const other = await makeUser(server, ['seller']);
      assert.equal((await other.client.get('/access-log')).status, 403);
    },
  },
];

// The city as the reader's language has it.
function expectCity(text) {
  return text.includes('Hangzhou') ? 'Hangzhou' : '杭州';
}
