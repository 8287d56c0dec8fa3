import { beforeEach, describe, expect, it } from 'vitest';
import en from '@/locales/en/ui.json';
import zh from '@/locales/zh-CN/ui.json';
import { ago, dayOf, formatDay, formatInstant, fullDay } from './dates';
import { setMessages } from './i18n';
import { setRegion } from './region';

const NOW = Date.parse('2026-06-11T03:00:00Z');

describe('dates in Chinese, Shanghai', () => {
  beforeEach(() => { setMessages('zh-CN', zh); setRegion({ timeZone: 'Asia/Shanghai' }); });

  it('says today, tomorrow, yesterday, then month and day', () => {
    expect(formatDay('2026-06-11', NOW)).toBe('今天');
    expect(formatDay('2026-06-12', NOW)).toBe('明天');
    expect(formatDay('2026-06-10', NOW)).toBe('昨天');
    expect(formatDay('2026-06-15', NOW)).toBe('6月15日');
  });

  it('gives the year only when it differs', () => expect(formatDay('2025-12-31', NOW)).toBe('2025年12月31日'));

  it('counts days in the zone of the user, not in UTC', () => {
    expect(dayOf(Date.parse('2026-06-10T16:30:00Z'))).toBe('2026-06-11');
    expect(formatInstant('2026-06-10T16:30:00.000Z', NOW)).toBe('今天 00:30');
  });

  it('tells the weekday in full', () => expect(fullDay('2026-06-11')).toBe('2026年6月11日 星期四'));

  it('says how long ago, then when', () => {
    expect(ago('2026-06-11T02:59:40Z', NOW)).toBe('刚刚');
    expect(ago('2026-06-11T02:57:00Z', NOW)).toBe('3分钟前');
    expect(ago('2026-06-11T01:00:00Z', NOW)).toBe('2小时前');
    expect(ago('2026-06-08T01:00:00Z', NOW)).toBe('6月8日 09:00');
  });
});

describe('dates in English, New York', () => {
  beforeEach(() => { setMessages('en', en); setRegion({ timeZone: 'America/New_York' }); });

  it('writes day and short month', () => expect(formatDay('2026-06-15', NOW)).toBe('15 Jun'));
  it('uses the zone: still the tenth there', () => expect(formatInstant('2026-06-11T02:30:00Z', NOW)).toBe('Today 22:30'));
  it('has singular forms', () => expect(ago('2026-06-11T02:58:30Z', NOW)).toBe('1 minute ago'));
});
