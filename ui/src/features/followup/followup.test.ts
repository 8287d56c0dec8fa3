import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';
import { describe, expect, it } from 'vitest';
import { catalogueOf } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { subjectOf } from './about';
import { bodyOf, htmlOf } from './body';
import { blank, isBlank } from './draft';
import { nextDates } from './next-dates';

dayjs.extend(utc);
dayjs.extend(timezone);

describe('follow-up entry', () => {
  it('sends text as paragraphs in which nothing is markup', () => {
    expect(htmlOf('一\n二\n\n<b>"三"</b> & 四')).toBe('<p>一<br>二</p><p>&#60;b&#62;&#34;三&#34;&#60;/b&#62; &#38; 四</p>');
  });
  it('sends what was given and nothing else; a deal is what it is about', () => {
    const about = { object: 'account', id: '1' };
    const entry = { ...blank(), method: 'visit', text: 'x' };
    expect(bodyOf(about, entry)).toEqual({ about, method: 'visit', content: '<p>x</p>' });
    expect(bodyOf(about, { ...entry, deal: { id: '7' }, contact: { id: '3' }, result: 'quoted', next_at: '2030-01-01T02:00:00.000Z', next_plan: ' 报价 ', photos: [{ id: '5' }] }))
      .toEqual({ about: { object: 'opportunity', id: '7' }, method: 'visit', content: '<p>x</p>', result: 'quoted', next_at: '2030-01-01T02:00:00.000Z', next_plan: '报价', contact: '3', photos: ['5'] });
  });
  it('is blank until something is in it', () => {
    expect(isBlank({ ...blank(), text: ' \n' })).toBe(true);
    expect(isBlank({ ...blank(), photos: [{ id: '5' }] })).toBe(false);
  });
  it('offers days at ten in the person\'s zone; Monday is the next one', () => {
    const at = (now: string) => Object.fromEntries(nextDates(Date.parse(now), 'Asia/Shanghai').map((d) => [d.key, d.at]));
    expect(at('2026-03-02T01:00:00Z')).toEqual({ tomorrow: '2026-03-03T02:00:00.000Z', in_three: '2026-03-05T02:00:00.000Z', in_week: '2026-03-09T02:00:00.000Z', in_month: '2026-04-02T02:00:00.000Z' });
    expect(at('2026-03-04T01:00:00Z').monday).toBe('2026-03-09T02:00:00.000Z');
    expect(at('2026-03-01T01:00:00Z')).toMatchObject({ tomorrow: '2026-03-02T02:00:00.000Z' }); // is a Monday
  });
  it('knows what can be written about: kinds of the field, a contact through his account', () => {
    const about = { name: 'about', type: 'any_link', to: ['account', 'lead'] } as unknown as FieldMeta;
    const object = (name: string, fields: FieldMeta[] = []): ObjectMeta => ({ object: name, plural: `${name}s`, fields, title: 'name' });
    const all = catalogueOf({ version: 1, objects: [object('followup', [about]), object('account'), object('lead'), object('contact'), object('product')] });
    expect(subjectOf(all, all.byName.get('account')!, { id: '1', version: 1 })).toMatchObject({ about: { object: 'account', id: '1' }, account: '1' });
    expect(subjectOf(all, all.byName.get('contact')!, { id: '2', version: 1, name: '王', account: { id: '1' } })).toMatchObject({ about: { object: 'account', id: '1' }, contact: { id: '2', title: '王' } });
    expect(subjectOf(all, all.byName.get('contact')!, { id: '2', version: 1 })).toBeNull();
    expect(subjectOf(all, all.byName.get('product')!, { id: '3', version: 1 })).toBeNull();
  });
});
