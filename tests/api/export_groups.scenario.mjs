// SPDX-License-Identifier: Apache-2.0
// A grouped list becomes a file as it is seen: heads, rows, sums, levels, a total; rights and wrong options.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cells, exported, unzip } from './export_file.mjs';
import { assert, by, create, expect, expectProblem, unique, withRights } from './lib.mjs';

const label = (text) => ({ 'zh-CN': text, en: text });

/** Deals of a kind of our own: stage, amount, day. */
async function deals(admin) {
  const object = unique('deal').replaceAll('-', '_').toLowerCase();
  const choices = ['new', 'won'].map((value) => ({ value, label: label(`Stage ${value}`) }));
  const fields = [{ name: 'name', type: 'text', label: label('Name'), required: true }, { name: 'stage', type: 'choice', choices, label: label('Stage') },
    { name: 'amount', type: 'money', label: label('Amount') }, { name: 'pieces', type: 'integer', label: label('Pieces') }, { name: 'day', type: 'date', label: label('Day') },
    { name: 'labels', type: 'tags', label: label('Labels') }, { name: 'of', type: 'link', to: 'account', inverse: `${object}_of`, label: label('Of') }];
  expect(await admin.post('/meta/objects', { object, plural: `${object}s`, area: 'sales', label: label(object), title: 'name', traits: ['owned'], fields }), 201);
  return { object, plural: `${object}s` };
}
const money = (value) => ({ value, currency: 'CNY' });

async function filled(server) {
  const admin = by(server);
  const { object, plural } = await deals(admin);
  const [a, b] = [await create(admin, 'accounts', { name: `A ${unique('x')}` }), await create(admin, 'accounts', { name: `B ${unique('x')}` })];
  const rows = [
    { name: 'one', stage: 'won', amount: money('10.25'), pieces: 1, day: '2026-01-31', of: a.id }, { name: 'two', stage: 'new', amount: money('0.10'), pieces: 2, day: '2026-01-01', of: b.id },
    { name: 'three', stage: 'won', amount: money('0.50'), day: '2026-02-01', of: b.id }, { name: 'four', amount: money('-3.00'), pieces: 4, day: '2026-02-28', of: a.id }, { name: '=five', stage: 'won', day: '2026-02-02', of: a.id },
  ];
  for (const row of rows) await create(admin, plural, row);
  return { admin, object, plural, a, b, me: { server, key: server.key, client: admin } };
}
const table = (out) => cells(out.text.replace(/^\ufeff/, ''));

export const tests = [
  {
    name: 'a grouped list goes out with heads, sums of exactly its rows, and a total',
    async run(server) {
      const { plural, me } = await filled(server);
      const out = await exported(me, plural, { fields: 'name,amount,pieces', sort: 'name', group: ['stage'], sums: ['amount', 'pieces'] });
      assert.equal(out.rows, 5);
      assert.deepEqual(table(out), [
        ['Stage', 'Name', 'Amount', 'Pieces'],
        ['Stage new（1）', '', '', ''], ['', 'two', '0.10 CNY', '2'], ['Stage new 合计', '', '0.10 CNY', '2'],
        ['Stage won（3）', '', '', ''], ['', "'=five", '', ''], ['', 'one', '10.25 CNY', '1'], ['', 'three', '0.50 CNY', ''], ['Stage won 合计', '', '10.75 CNY', '1'],
        ['（空）（1）', '', '', ''], ['', 'four', '-3.00 CNY', '4'], ['（空） 合计', '', '-3.00 CNY', '4'],
        ['合计（5）', '', '7.85 CNY', '7'],
      ]);
      const plain = await exported(me, plural, { fields: 'name', sort: 'name', group: ['stage'], filter: 'stage = "new"' });
      assert.deepEqual(table(plain), [['Stage', 'Name'], ['Stage new（1）', ''], ['', 'two'], ['合计（1）', '']]);
      const none = await exported(me, plural, { fields: 'name', group: ['stage'], filter: 'name = "nobody"' });
      assert.deepEqual(table(none), [['Stage', 'Name']]);
    },
  },
  {
    name: 'levels lie within one another; months, newest first, and links have their titles',
    async run(server) {
      const { plural, me, a, b } = await filled(server);
      const out = await exported(me, plural, { fields: 'name,pieces', sort: 'name', group: [{ field: 'day', bucket: 'month' }, 'of'], group_sort: ['-day', 'of'], sums: ['pieces'] });
      assert.deepEqual(table(out).map((row) => row.join('|')), ['Day|Of|Name|Pieces',
        '2026-02（3）|||', `|${a.name}（2）||`, "||'=five|", '||four|4', `|${a.name} 合计||4`, `|${b.name}（1）||`, '||three|', `|${b.name} 合计||`, '2026-02 合计|||4',
        '2026-01（2）|||', `|${a.name}（1）||`, '||one|1', `|${a.name} 合计||1`, `|${b.name}（1）||`, '||two|2', `|${b.name} 合计||2`, '2026-01 合计|||3', '合计（5）|||7']);
      const most = await exported(me, plural, { fields: 'name', group: ['of'], group_sort: ['-count'] });
      assert.deepEqual(table(most).filter((row) => row[0]).map((row) => row[0]), ['Of', `${a.name}（3）`, `${b.name}（2）`, '合计（5）']);
    },
  },
  {
    name: 'a workbook has numbers as sums, bold, and an outline',
    async run(server) {
      const { plural, me } = await filled(server);
      const out = await exported(me, plural, { format: 'xlsx', fields: 'name,amount', sort: 'name', group: ['stage'], sums: ['amount'] });
      const xml = unzip(out.bytes, 'xl/worksheets/sheet1.xml');
      const row = (n) => new RegExp(`<row r="${n}".*?</row>`).exec(xml)[0];
      assert.match(row(2), /<t>Stage new（1）<\/t>/);
      assert.doesNotMatch(row(2), /outlineLevel/);
      assert.match(row(3), /outlineLevel="1"/);
      assert.match(row(9), /<c r="C9" s="\d+"><v>10\.75<\/v>/);
      assert.match(row(13), /<c r="C13" s="\d+"><v>7\.85<\/v>/);
      assert.doesNotMatch(xml, /<f>/);
    },
  },
  {
    name: 'sums of a file are of what its reader may export, and options that mean nothing are refused',
    async run(server) {
      const { object, plural, me } = await filled(server);
      const seller = await withRights(server, [], { [object]: { read: 'all', create: true, export: 'own', fields: { pieces: 'hidden' } } });
      await create(seller.client, plural, { name: 'mine', stage: 'won', amount: money('1.00') });
      const out = await exported({ server, key: seller.key, client: seller.client }, plural, { fields: 'name,amount', group: ['stage'], sums: ['amount'] });
      assert.deepEqual(table(out).slice(1), [['Stage won（1）', '', ''], ['', 'mine', '1.00 CNY'], ['Stage won 合计', '', '1.00 CNY'], ['合计（1）', '', '1.00 CNY']]);
      expectProblem(await seller.client.post(`/${plural}/export`, { group: ['stage'], sums: ['pieces'] }), 400, 'bad_parameter');
      expectProblem(await seller.client.post(`/${plural}/export`, { group: ['pieces'] }), 400, 'bad_parameter');
      const refused = async (body, field) => { const answer = await me.client.post(`/${plural}/export`, body); expectProblem(answer, 400, 'bad_parameter'); assert.equal(answer.body.errors[0].field, field, answer.text); };
      await refused({ format: 'sav', group: ['stage'] }, 'format');
      await refused({ values: 'codes', group: ['stage'] }, 'values');
      await refused({ fields: 'name', group: ['stage'], sums: ['amount'] }, 'sums');
      await refused({ sums: ['amount'] }, 'sums');
      await refused({ group_sort: ['stage'] }, 'group_sort');
      for (const group of ['stage', [], ['labels'], ['stage', 'of', 'day', 'name'], ['nothing'], [{ field: 'day', bucket: 'hour' }]]) await refused({ group }, 'group');
      await refused({ group: ['stage', 'of'], group_sort: ['of'] }, 'group_sort');
    },
  },
  {
    name: 'JSON lines have lines of groups between, with exact sums in the forms of the API; the command line groups as well',
    async run(server) {
      const { plural, me } = await filled(server);
      const lines = (text) => text.trim().split('\n').map((line) => JSON.parse(line));
      const wanted = [
        { _group: { level: 1, name: 'Stage new', rows: 1 } }, { name: 'two', pieces: 2 }, { _sums: { level: 1, name: 'Stage new', rows: 1, sums: { pieces: 2, amount: { value: '0.10', currency: 'CNY' } } } },
        { _group: { level: 1, name: 'Stage won', rows: 3 } }, { name: '=five', pieces: null }, { name: 'one', pieces: 1 }, { name: 'three', pieces: null },
        { _sums: { level: 1, name: 'Stage won', rows: 3, sums: { pieces: 1, amount: { value: '10.75', currency: 'CNY' } } } },
        { _group: { level: 1, name: '（空）', rows: 1 } }, { name: 'four', pieces: 4 }, { _sums: { level: 1, name: '（空）', rows: 1, sums: { pieces: 4, amount: { value: '-3.00', currency: 'CNY' } } } },
        { _total: { rows: 5, sums: { pieces: 7, amount: { value: '7.85', currency: 'CNY' } } } },
      ];
      const plain = (all) => all.map(({ amount: _, ...row }) => row);
      const out = await exported(me, plural, { format: 'jsonl', fields: 'name,pieces,amount', sort: 'name', group: ['stage'], sums: ['pieces', 'amount'] });
      assert.equal(out.rows, 5);
      assert.deepEqual(plain(lines(out.text)), wanted);
      const marked = lines((await exported(me, plural, { format: 'jsonl', fields: 'name', group: ['stage'], watermark: true })).text);
      assert.ok(marked.every((line) => line._exported), 'lines of groups are marked too');
      const file = join(server.dir, 'groups.jsonl');
      server.command('export', plural, file, '--fields', 'name,pieces,amount', '--sort', 'name', '--group', 'stage', '--sums', 'pieces,amount');
      assert.deepEqual(plain(lines(readFileSync(file, 'utf8'))), wanted);
      server.command('export', plural, file, '--fields', 'name', '--group', 'day:month,of', '--group-sort', '-day,of');
      const heads = lines(readFileSync(file, 'utf8')).filter((line) => line._group).map((line) => [line._group.level, line._group.name, line._group.rows]);
      assert.deepEqual(heads.filter(([level]) => level === 1), [[1, '2026-02', 3], [1, '2026-01', 2]]);
      assert.equal(heads.filter(([level]) => level === 2).length, 4);
    },
  },
];
