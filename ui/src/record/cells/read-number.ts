// Numbers and amounts as people and spreadsheets write them: separators, signs of currencies, brackets for less than nothing, 万 and 亿.
import { currencySign, parseDecimal } from '@/lib/numbers';
import { region } from '@/lib/region';
import type { MoneyValue } from '@/lib/types';

const ZEROS: Record<string, number> = { 万: 4, 亿: 8 };
const SIGNS: Record<string, string> = { '€': 'EUR', '£': 'GBP', '₩': 'KRW', '₹': 'INR', 'HK$': 'HKD', 'US$': 'USD', 'NT$': 'TWD', 'S$': 'SGD', 'A$': 'AUD', 'C$': 'CAD', '元': 'CNY', '人民币': 'CNY', RMB: 'CNY', '美元': 'USD', '欧元': 'EUR', '港元': 'HKD', '港币': 'HKD', '日元': 'JPY', '英镑': 'GBP' };
const SIGN = /(?:[A-Z]{1,2}\$|[¥$€£₩₹]|RMB|人民币|美元|欧元|港元|港币|日元|英镑|元|[A-Z]{3})/i;

/** 12.5 with three zeros is 12500; digits are moved, nothing is counted. */
function times(text: string, zeros: number): string {
  const [, sign, whole, part] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text)!;
  const digits = (part ?? '').padEnd(zeros, '0');
  return parseDecimal(`${sign}${whole}${digits.slice(0, zeros)}.${digits.slice(zeros) || '0'}`)!.replace(/\.0+$/, '');
}

/** Which of comma and point parts the decimals: the last one where both stand; a comma alone groups only where it can. */
function separated(text: string): string | null {
  const [comma, point] = [text.lastIndexOf(','), text.lastIndexOf('.')];
  if (comma > point && point >= 0) return /^-?\d{1,3}(?:\.\d{3})+,\d+$/.test(text) ? text.replaceAll('.', '').replace(',', '.') : null;
  if (comma < 0) return (text.match(/\./g)?.length ?? 0) > 1 ? (/^-?\d{1,3}(?:\.\d{3})+$/.test(text) ? text.replaceAll('.', '') : null) : text;
  return /^-?\d{1,3}(?:,\d{2,4})*,\d{3}(?:\.\d*)?$/.test(text) || /^-?\d{1,4}(?:,\d{4})+(?:\.\d*)?$/.test(text) ? text.replaceAll(',', '') : null;
}

export function numberOf(raw: string): string | null {
  const text = raw.normalize('NFKC').replace(/[\s'’_%]/g, '').replace(/^[−–]/, '-').replace(/^\((.*)\)$/, '-$1').replace(/^\+/, '');
  const unit = ZEROS[text.at(-1) ?? ''];
  const plain = separated(unit ? text.slice(0, -1) : text);
  const number = plain === null ? null : parseDecimal(plain);
  return number !== null && unit ? times(number, unit) : number;
}

function currencyOf(sign: string, now: string): string {
  const known = SIGNS[sign.toUpperCase()];
  if (known) return known;
  if (/^[A-Z]{3}$/i.test(sign)) return sign.toUpperCase();
  if (!sign || currencySign(now) === sign) return now;
  return sign === '$' ? 'USD' : region().currency === 'JPY' ? 'JPY' : 'CNY';
}

/** The currency that is written; else the one that the amount is in now, else ours. */
export function moneyOf(raw: string, now: MoneyValue | null): MoneyValue | null {
  const text = raw.normalize('NFKC').replaceAll('￥', '¥');
  const sign = SIGN.exec(text)?.[0] ?? '';
  const value = numberOf(sign ? text.replace(sign, '') : text);
  return value === null ? null : { value, currency: currencyOf(sign, now?.currency ?? region().currency) };
}
