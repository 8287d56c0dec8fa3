import { beforeEach, describe, expect, it } from 'vitest';
import { setMessages } from './i18n';
import { currencySign, formatMoney, formatNumber, formatSum, groupDigits, isZero, parseDecimal } from './numbers';

const cny = (value: string) => ({ value, currency: 'CNY' });

describe('numbers in Chinese', () => {
  beforeEach(() => setMessages('zh-CN', {}));

  it('formats money exactly, beyond what a float holds', () => {
    expect(formatMoney(cny('1180000.00'))).toBe('¥1,180,000');
    expect(formatMoney(cny('90071992547409.93'))).toBe('¥90,071,992,547,409.93');
    expect(formatMoney(cny('-12.50'))).toBe('−¥12.50');
  });

  it('writes sums in 万 and 亿 with one decimal', () => {
    expect(formatSum(cny('1264000.00'))).toBe('¥126.4万');
    expect(formatSum(cny('9800.00'))).toBe('¥9,800');
    expect(formatSum(cny('19490000.00'))).toBe('¥1,949.0万');
    expect(formatSum(cny('120000000'))).toBe('¥1.2亿');
    expect(formatSum(cny('-52000'))).toBe('−¥5.2万');
  });

  it('keeps what is no number as it is', () => expect(formatNumber('n/a')).toBe('n/a'));
});

describe('numbers in English', () => {
  beforeEach(() => setMessages('en', {}));

  it('writes sums in K, M, B', () => {
    expect(formatSum(cny('1180000'))).toBe('¥1.18M');
    expect(formatSum(cny('52000'))).toBe('¥52K');
    expect(formatSum(cny('2500000000'))).toBe('¥2.50B');
  });

  it('knows signs of currencies', () => {
    expect(currencySign('USD')).toBe('$');
    expect(currencySign('EUR')).toBe('€');
  });
});

describe('typed numbers', () => {
  it('folds full width digits, separators and signs of currency', () => {
    expect(parseDecimal('１，２３４．５０')).toBe('1234.50');
    expect(parseDecimal('¥1,180,000')).toBe('1180000');
    expect(parseDecimal('−5')).toBe('-5');
    expect(parseDecimal('007.10')).toBe('7.10');
    expect(parseDecimal('.5')).toBe('0.5');
  });

  it('refuses what is no number', () => {
    for (const text of ['', 'abc', '1.2.3', '-', '12万']) expect(parseDecimal(text)).toBeNull();
  });

  it('groups digits without touching the fraction', () => {
    expect(groupDigits('1234567.1234567')).toBe('1,234,567.1234567');
    expect(groupDigits('-1000')).toBe('-1,000');
    expect(groupDigits('999')).toBe('999');
    expect(groupDigits('12a')).toBe('12a');
  });

  it('knows zero in all its spellings', () => {
    expect(isZero('0.00')).toBe(true);
    expect(isZero('-0')).toBe(true);
    expect(isZero('0.01')).toBe(false);
  });
});
