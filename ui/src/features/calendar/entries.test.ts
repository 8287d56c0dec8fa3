import { describe, expect, it } from 'vitest';
import type { ObjectMeta, Rec } from '@/lib/types';
import { setRegion } from '@/lib/region';
import { changeOf, daysOfEntry, entriesOf, lanesOf, presetOf, spansDays, type Entry } from './entries';
import { instantAt } from './zone';

setRegion({ timeZone: 'Asia/Shanghai' });
const at = (text: string) => Date.parse(`2026-03-${text}+08:00`);
const object = (name: string, fields: string[]): ObjectMeta => ({ object: name, plural: `${name}s`, fields: fields.map((f) => ({ name: f, type: 'datetime' })), rights: { read: 'own', update: 'own' } });
const entry = (key: string, start: string, end: string, more: Partial<Entry> = {}): Entry => ({ key, kind: 'meeting', object: object('meeting', []), record: {} as Rec, start: at(start), end: at(end), allDay: false, title: key, where: '', people: [], done: false, repeats: false, busy: false, at: 'starts_at', sizable: true, ...more });
const page = (items: object[]) => ({ items: items as Rec[], next: null });

describe('calendar', () => {
  it('puts what overlaps beside each other, and no more', () => {
    const lanes = lanesOf([entry('a', '04T09:00', '04T11:00'), entry('b', '04T10:00', '04T12:00'), entry('c', '04T11:00', '04T12:00'), entry('d', '04T12:00', '04T13:00')]);
    expect(lanes.map((l) => [l.entry.key, l.lane, l.lanes])).toEqual([['a', 0, 2], ['b', 1, 2], ['c', 0, 2], ['d', 0, 1]]);
  });
  it('knows the days of an entry: midnight ends the day before', () => {
    const days = ['2026-03-04', '2026-03-05', '2026-03-06'];
    expect(daysOfEntry(entry('a', '03T09:00', '05T00:00'), days)).toEqual(['2026-03-04']);
    expect([spansDays(entry('a', '04T22:00', '05T00:00')), spansDays(entry('b', '04T22:00', '05T00:01'))]).toEqual([false, true]);
  });
  it('writes both ends of a meeting, the length of a visit only when it was stretched, both times of a task', () => {
    const iso = (text: string) => new Date(at(text)).toISOString();
    expect(changeOf(entry('m', '04T09:00', '04T10:00'), at('05T09:00'), at('05T10:30'))).toEqual({ starts_at: iso('05T09:00'), ends_at: iso('05T10:30') });
    const visit = entry('v', '04T09:00', '04T10:00', { kind: 'visit', at: 'planned_at' });
    expect(changeOf(visit, at('04T11:00'), at('04T12:00'))).toEqual({ planned_at: iso('04T11:00') });
    expect(changeOf(visit, at('04T09:00'), at('04T10:45'))).toEqual({ planned_at: iso('04T09:00'), planned_duration: 'PT105M' });
    const task = entry('t', '04T09:00', '04T09:30', { kind: 'task', at: 'due_at', record: { start_at: iso('04T08:00') } as unknown as Rec });
    expect(changeOf(task, at('05T09:00'), at('05T09:30'))).toEqual({ due_at: iso('05T09:00'), start_at: iso('05T08:00') });
    expect(changeOf(entry('b', '04T09:00', '04T10:00', { at: undefined }), at('05T09:00'), at('05T10:00'))).toEqual({});
    expect(presetOf('visit', at('04T09:00'), at('04T10:00'))).toEqual({ planned_at: iso('04T09:00'), planned_duration: 'PT60M' });
  });
  it('reads cards: who takes part, times of others without words and without a way to move them', () => {
    const meeting = object('meeting', ['starts_at', 'ends_at']);
    const answer = { from: '', to: '', people: [], people_more: false, off: [], work: [], cards: {
      meetings: { object: 'meeting', filter: '', list: page([{ id: '1', subject: '面谈', starts_at: '2026-03-04T01:00:00Z', ends_at: '2026-03-04T02:00:00Z', owner: { id: '7' } }]) },
      attendees: { object: 'meeting_attendee', filter: '', list: page([{ id: '9', meeting: { id: '1' }, person: { id: '8', object: 'user' } }]) },
      busy: { object: 'meeting', filter: '', list: page([{ id: '2', starts_at: '2026-03-04T03:00:00Z', ends_at: '2026-03-04T04:00:00Z', owner: { id: '7' } }]) },
    } };
    const found = entriesOf(answer, { meta: { version: 1, objects: [] }, byName: new Map([['meeting', meeting]]), byPlural: new Map() });
    expect(found.map((e) => [e.record.id, e.people.map((p) => p.id), e.busy, e.at])).toEqual([['1', ['7', '8'], false, 'starts_at'], ['2', ['7'], true, undefined]]);
  });
  it('finds the instant of a local time where clocks change', () => {
    setRegion({ timeZone: 'Europe/Berlin' });
    expect(new Date(instantAt('2026-03-29', 9 * 60)).toISOString()).toBe('2026-03-29T07:00:00.000Z');
    expect(new Date(instantAt('2026-03-28', 9 * 60)).toISOString()).toBe('2026-03-28T08:00:00.000Z');
    setRegion({ timeZone: 'Asia/Shanghai' });
  });
});
