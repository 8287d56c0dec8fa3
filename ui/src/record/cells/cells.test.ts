import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '@/lib/meta';
import { ApiProblem } from '@/lib/api';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { nextEditable } from '../list/use-cells';
import { readTable, spread, tableText } from '../list/use-cell-keys';
import { readCell } from './cell-values';
import { changesOf, linesOf } from './paste-dialog';
import { refusalOf } from './write-cells';

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
  it('knows choices by word or code, links by name, and what cannot be pasted', () => {
    const choices = [{ value: 'key', label: { 'zh-CN': '大客户', en: 'Key' } }, { value: 'old', label: { en: 'Old' }, retired: true }];
    expect([read('choice', '大客户', { choices }), read('choice', 'KEY', { choices }), read('choice', 'Old', { choices })]).toEqual(['key', 'key', 'bad']);
    expect(read('choices', '大客户、key', { choices })).toEqual(['key', 'key']);
    expect(read('tags', 'a, b')).toEqual(['a', 'b']);
    expect(read('link', '王芳', { to: 'person' })).toEqual({ match: { name: '王芳' } });
    expect([read('text', ' '), read('links', ''), read('json', '{}')]).toEqual([null, [], 'bad']);
  });
});

it('changes only what differs, can be read and may be written', () => {
  const object: ObjectMeta = { object: 'thing', plural: 'things', title: 'name', fields: [field('text', { name: 'name' }), field('integer', { name: 'n' }), field('text', { name: 'fixed', readonly: true })] };
  const columns = object.fields.map((f) => ({ field: f, width: 100, right: false, grows: false, frozen: false }));
  const rows = [{ id: '1', version: 3, name: 'a', n: 1, fixed: 'x' }, { id: '2', version: 1, name: 'b', n: 2, fixed: 'y' }] as Rec[];
  const lines = linesOf(catalogue, { object, columns, rows, start: { row: 0, col: 0 }, grid: [['a', '7', 'z', 'beyond'], ['c', 'x', 'y'], ['below', '1', '']] });
  expect(lines).toHaveLength(2);
  expect(lines.flatMap((l) => l.cells.map((c) => [c.changed, !!c.error]))).toEqual([[false, false], [true, false], [true, true], [true, false], [true, true], [false, false]]);
  expect(changesOf(lines)).toEqual([{ record: rows[0], values: { n: 7 } }, { record: rows[1], values: { name: 'c' } }]);
});

it('finds the request and field that the server refused', () => {
  const refused = (at: string) => refusalOf(new ApiProblem(422, { errors: [{ field: at, message: 'no' }] }));
  expect(refused('requests[3].body.phone')).toEqual({ index: 3, field: 'phone', message: 'no' });
  expect(refused('requests[0]')).toEqual({ index: 0, field: null, message: 'no' });
  expect(refused('name')).toBeNull();
});

it('goes on to the next cell that can be edited', () => {
  const editable = [true, false, true];
  expect(nextEditable(editable, 2, { row: 0, col: 0 }, 1)).toEqual({ row: 0, col: 2 });
  expect(nextEditable(editable, 2, { row: 0, col: 2 }, 1)).toEqual({ row: 1, col: 0 });
  expect(nextEditable(editable, 2, { row: 1, col: 2 }, 1)).toBeNull();
  expect(nextEditable(editable, 2, { row: 1, col: 0 }, -1)).toEqual({ row: 0, col: 2 });
});
