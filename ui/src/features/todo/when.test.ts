import { describe, expect, it } from 'vitest';
import { setRegion } from '@/lib/region';
import { instantAt, minuteOf } from '../calendar/zone';
import { onDay, putOffDays, readLine, whenOf } from './when';

setRegion({ timeZone: 'Asia/Shanghai', currency: 'CNY' } as never);
const at = (text: string) => Date.parse(`${text}+08:00`);
const NOW = at('2026-03-04T15:00'); // a Wednesday
const read = (line: string, now = NOW) => { const { subject, at: due } = readLine(line, now); return [subject, due]; };
const iso = (text: string) => new Date(at(text)).toISOString();

describe('to-dos', () => {
  it('stand in groups by day', () => {
    const groups = ['2026-03-03T09:00', '2026-03-04T14:00', '2026-03-04T16:00', '2026-03-05T08:00', '2026-03-08T23:00', '2026-03-09T00:00'].map((x) => whenOf(iso(x), false, NOW));
    expect(groups).toEqual(['overdue', 'overdue', 'today', 'tomorrow', 'week', 'later']);
    expect([whenOf(iso('2026-03-04T00:00'), true, NOW), whenOf('', false, NOW)]).toEqual(['today', 'undated']);
  });
  it('read when in front of a line', () => {
    expect(read('明天9点 给王总回电')).toEqual(['给王总回电', iso('2026-03-05T09:00')]);
    expect(read('后天下午3点半 拜访')).toEqual(['拜访', iso('2026-03-06T15:30')]);
    expect(read('周五 交周报')).toEqual(['交周报', iso('2026-03-06T09:00')]);
    expect(read('周一交周报')).toEqual(['交周报', iso('2026-03-09T09:00')]);
    expect(read('下周三 复盘')).toEqual(['复盘', iso('2026-03-11T09:00')]);
    expect(read('tomorrow 10:30 call back')).toEqual(['call back', iso('2026-03-05T10:30')]);
    expect(read('next mon review')).toEqual(['review', iso('2026-03-09T09:00')]);
    expect(read('整理报价')).toEqual(['整理报价', iso('2026-03-04T18:00')]);
    expect(read('整理报价', at('2026-03-04T20:00'))).toEqual(['整理报价', iso('2026-03-05T09:00')]);
    expect(read('99点 不是时间')).toEqual(['99点 不是时间', iso('2026-03-04T18:00')]);
    expect(read('monthly report')[0]).toBe('monthly report');
  });
  it('are put off to the same time of day', () => {
    expect(onDay(iso('2026-02-01T09:30'), '2026-03-05')).toBe(iso('2026-03-05T09:30'));
    expect(onDay('', '2026-03-05')).toBe(iso('2026-03-05T09:00'));
    expect(putOffDays(NOW).map((p) => p.day)).toEqual(['2026-03-05', '2026-03-09']);
  });
  it('know minutes in the reader\'s zone', () => {
    expect([minuteOf(at('2026-03-04T09:30')), instantAt('2026-03-04', 1440)]).toEqual([570, at('2026-03-05T00:00')]);
  });
});
