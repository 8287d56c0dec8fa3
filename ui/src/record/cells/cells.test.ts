import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '@/lib/meta';
import { fieldText } from '@/fields/fields';
import { ApiProblem } from '@/lib/api';
import { today } from '@/lib/dates';
import { setLanguage } from '@/lib/i18n';
import { region, setRegion } from '@/lib/region';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { nextEditable } from '../list/use-cells';
import { readTable, spread, tableText } from '../list/use-cell-keys';
import { readCell } from './cell-values';
import { changesOf, linesOf, refused } from './cell-lines';
import { portionsOf, refusalOf, refusalsOf } from './write-cells';

dayjs.extend(utc);
dayjs.extend(timezone);

const field = (type: string, more: Partial<FieldMeta> = {}): FieldMeta => ({ name: 'f', type, ...more });
const person: ObjectMeta = { object: 'person', plural: 'people', title: 'name', fields: [field('text', { name: 'name' })] };
const catalogue = { byName: new Map([['person', person]]), byPlural: new Map(), meta: { version: 1, objects: [] } } as unknown as Catalogue;
const read = (type: string, text: string, more: Partial<FieldMeta> = {}) => { const got = readCell(catalogue, field(type, more), text, null); return got.ok ? got.value : 'bad'; };

describe('tables as text', () => {
  it('reads what it wrote, with tabs, lines and quotes inside', () => {
    const table = [['a', '', 'b "c"'], ['x\ty', 'l1\nl2', '北京'], ['', '', '']];
    expect(readTable(tableText(table))).toEqual(table);
    expect(readTable('1\t2\r\n3\t4\r\n')).toEqual([['1', '2'], ['3', '4']]);
    expect(readTable('5" pipe\t"a')).toEqual([['5" pipe', '"a']]);
  });
  it('puts one value into all that are selected', () => {
    expect(spread([['x']], 2, 2)).toEqual([['x', 'x'], ['x', 'x']]);
    expect(spread([['x', 'y']], 3, 3)).toEqual([['x', 'y']]);
  });
});

describe('values', () => {
  it('reads numbers, money and days as people and spreadsheets write them', () => {
    expect(read('integer', '1,200')).toEqual(1200);
    expect(read('decimal', '１２．５')).toEqual('12.5');
    expect(read('integer', 'twelve')).toBe('bad');
    expect(read('money', '¥1,180,000.50')).toMatchObject({ value: '1180000.50' });
    expect(['2026/3/1', '2026.03.01', '2026年3月1日', '20260301', '2026-3-1'].map((d) => read('date', d))).toEqual(Array(5).fill('2026-03-01'));
    expect(['2026-02-30', '3/1', 'soon'].map((d) => read('date', d))).toEqual(['bad', 'bad', 'bad']);
    expect(read('datetime', '2026/3/1 9:05')).toMatch(/^2026-0[23]-\d\dT\d\d:05:00/);
    expect(['是', 'no', 'maybe'].map((b) => read('boolean', b))).toEqual([true, false, 'bad']);
  });
  it('reads separators, brackets, signs and large units, and refuses what can be read two ways', () => {
    expect(['1 200', "1'200", '1.200,50', '(1,200)', '−5', '3.5万', '1.23亿', '0.00005万'].map((n) => read('decimal', n))).toEqual(['1200', '1200', '1200.50', '-1200', '-5', '35000', '123000000', '0.5']);
    expect(['1,5', '1,20', '1.2.3', '--1', '万'].map((n) => read('decimal', n))).toEqual(Array(5).fill('bad'));
    expect(['€1,200', 'usd 5', '5 CNY', 'HK$3', '12元', '$7'].map((m) => read('money', m))).toEqual([['1200', 'EUR'], ['5', 'USD'], ['5', 'CNY'], ['3', 'HKD'], ['12', 'CNY'], ['7', 'USD']].map(([value, currency]) => ({ value, currency })));
    expect(['5 Mar 2026', 'Mar 5, 2026', '5-Mar-2026', '31/3/2026', '3/31/2026', '2026-03-05 (星期四)'].map((d) => read('date', d))).toEqual(['2026-03-05', '2026-03-05', '2026-03-05', '2026-03-31', '2026-03-31', '2026-03-05']);
    expect(['3/4/2026', '31 Feb 2026', '5 Foo 2026', '13月1日'].map((d) => read('date', d))).toEqual(Array(4).fill('bad'));
    expect([read('datetime', '2026-03-01T09:05:00+08:00'), read('datetime', '2026/3/1 25:00'), read('datetime', '2026/3/1 9:75')]).toEqual(['2026-03-01T01:05:00.000Z', 'bad', 'bad']);
    const hour = (text: string) => dayjs(read('datetime', text) as string).tz(region().timeZone).hour();
    expect([hour('2026/3/1 9:05 PM'), hour('2026/3/1 12:05 am'), hour('2026/3/1 下午3:00')]).toEqual([21, 0, 15]);
    expect([read('duration', '1:30'), read('geo', '30.27, 120.15'), read('color', '竹绿'), read('color', 'BAMBOO'), read('json', '{"a":1}'), read('rich_text', 'a <b>'), read('file', 'x')]).toEqual(['PT1H30M0S', { lat: 30.27, lng: 120.15 }, 'bamboo', 'bamboo', { a: 1 }, '<p>a &#60;b&#62;</p>', 'bad']);
  });

  it('reads back what a cell of each type shows', () => {
    setRegion({ timeZone: 'Asia/Shanghai' });
    const choices = [{ value: 'key', label: { 'zh-CN': '大客户', en: 'Key' } }, { value: 'other', label: { 'zh-CN': '其他', en: 'Other' } }];
    const shown: [string, unknown, Partial<FieldMeta>?][] = [
      ['text', 'a'], ['integer', 1200], ['decimal', '-1234.5'], ['percent', '12.5'], ['rating', 3], ['money', { value: '-1200.50', currency: 'EUR' }], ['money', { value: '99.00', currency: 'JPY' }], ['boolean', true], ['boolean', false],
      ['date', today()], ['date', '2019-12-31'], ['date', `${today().slice(0, 4)}-01-02`], ['datetime', '2019-12-31T01:05:00.000Z'], ['choice', 'key', { choices }], ['choices', ['key', 'other'], { choices }], ['tags', ['a', 'b']], ['geo', { lat: 30.2, lng: 120 }], ['color', 'rouge'],
    ];
    for (const language of ['zh-CN', 'en'] as const) {
      setLanguage(language);
      for (const [type, value, more] of shown) {
        const f = field(type, more);
        const got = readCell(catalogue, f, fieldText(f, value), type === 'money' ? value : null);
        expect(got.ok && fieldText(f, got.value), `${language} ${type} ${JSON.stringify(value)}`).toBe(fieldText(f, value));
        if (type !== 'percent' && type !== 'money') expect(got.ok && got.value, `${language} ${type}`).toEqual(value);
      }
    }
  });

  it('knows choices by word or code, links by name, and what cannot be pasted', () => {
    const choices = [{ value: 'key', label: { 'zh-CN': '大客户', en: 'Key' } }, { value: 'old', label: { en: 'Old' }, retired: true }];
    expect([read('choice', '大客户', { choices }), read('choice', 'KEY', { choices }), read('choice', 'Old', { choices })]).toEqual(['key', 'key', 'bad']);
    expect(read('choices', '大客户、key', { choices })).toEqual(['key']);
    expect(read('tags', 'a, b')).toEqual(['a', 'b']);
    expect(read('link', '王芳', { to: 'person' })).toEqual({ match: { name: '王芳' } });
    expect([read('text', ' '), read('links', ''), read('json', '{')]).toEqual([null, [], 'bad']);
  });
});

it('changes only what differs, can be read and may be written', () => {
  const object: ObjectMeta = { object: 'thing', plural: 'things', title: 'name', fields: [field('text', { name: 'name' }), field('integer', { name: 'n' }), field('text', { name: 'fixed', readonly: true })] };
  const columns = object.fields.map((f) => ({ field: f, width: 100, right: false, grows: false, frozen: false }));
  const rows = [{ id: '1', version: 3, name: 'a', n: 1, fixed: 'x' }, { id: '2', version: 1, name: 'b', n: 2, fixed: 'y' }] as Rec[];
  const lines = linesOf(catalogue, object, columns, rows, { start: { row: 0, col: 0 }, grid: [['a', '7', 'z', 'beyond'], ['c', 'x', 'y'], ['below', '1', '']] });
  expect(lines).toHaveLength(2);
  expect(lines.flatMap((l) => l.cells.map((c) => [c.changed, !!c.error]))).toEqual([[false, false], [true, false], [true, true], [true, false], [true, true], [false, false]]);
  expect(changesOf(lines)).toEqual([{ record: rows[0], values: { n: 7 } }, { record: rows[1], values: { name: 'c' } }]);
});

it('finds the request and field that the server refused', () => {
  const portion = ['7', '8', '9', '10'].map((id) => ({ record: { id, version: 1 } as Rec, values: {} }));
  const told = (at: string) => refusalOf(new ApiProblem(422, { errors: [{ field: at, message: 'no' }] }), portion);
  expect(told('requests[3].body.phone')).toEqual({ id: '10', field: 'phone', message: 'no' });
  expect(told('requests[0]')).toEqual({ id: '7', field: null, message: 'no' });
  expect([told('name'), told('requests[4]')]).toEqual([null, null]);
  expect(refusalsOf('7', { errors: [{ field: 'price.value', message: 'a' }, { field: 'due', message: 'b' }] })).toEqual([{ id: '7', field: 'price', message: 'a' }, { id: '7', field: 'due', message: 'b' }]);
  expect(refusalsOf('7', { title: 'Conflict', detail: 'changed since' })).toEqual([{ id: '7', field: null, message: 'changed since' }]);
});

it('marks what was refused at its cell, or all that was to change in its record', () => {
  const column = (name: string) => ({ field: field('text', { name }), width: 100, right: false, grows: false, frozen: false });
  const line = (id: string) => ({ record: { id, version: 1 } as Rec, cells: ['a', 'b', 'c'].map((n) => ({ column: column(n), old: '', text: n, value: n, changed: n !== 'c' })) });
  const errors = (refusals: Parameters<typeof refused>[1]) => refused([line('1'), line('2')], refusals).map((l) => l.cells.map((c) => c.error ?? '').join('|'));
  expect(errors([{ id: '1', field: 'b', message: 'no' }])).toEqual(['|no|', '||']);
  expect(errors([{ id: '2', field: null, message: 'gone' }])).toEqual(['||', 'gone|gone|']);
  expect(errors([{ id: '1', field: 'other', message: 'rule' }, { id: '1', field: 'a', message: 'no' }])).toEqual(['no|rule|', '||']);
  expect(portionsOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
});

it('fills values down, not texts, and says of which columns it cannot', () => {
  const object: ObjectMeta = { object: 'thing', plural: 'things', title: 'name', fields: [field('link', { name: 'who', to: 'person' }), field('text', { name: 'fixed', readonly: true })] };
  const columns = object.fields.map((f) => ({ field: f, width: 100, right: false, grows: false, frozen: false }));
  const rows = [{ id: '1', version: 1, who: { id: '77', title: '王芳' }, fixed: 'x' }, { id: '2', version: 1, who: { id: '78', title: '王芳' }, fixed: 'x' }, { id: '3', version: 1, who: { id: '77', title: '王芳' }, fixed: 'y' }] as Rec[];
  const lines = linesOf(catalogue, object, columns, rows, { start: { row: 1, col: 0 }, grid: [['王芳', 'x'], ['王芳', 'x']], from: rows[0] });
  expect(changesOf(lines)).toEqual([{ record: rows[1], values: { who: '77' } }]);
  expect(lines.map((l) => !!l.cells[1]!.error)).toEqual([false, true]);
});

it('goes on to the next cell that can be edited', () => {
  const editable = [true, false, true];
  expect(nextEditable(editable, 2, { row: 0, col: 0 }, 1)).toEqual({ row: 0, col: 2 });
  expect(nextEditable(editable, 2, { row: 0, col: 2 }, 1)).toEqual({ row: 1, col: 0 });
  expect(nextEditable(editable, 2, { row: 1, col: 2 }, 1)).toBeNull();
  expect(nextEditable(editable, 2, { row: 1, col: 0 }, -1)).toEqual({ row: 0, col: 2 });
});
