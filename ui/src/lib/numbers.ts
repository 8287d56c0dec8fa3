// Numbers and money as text. Exact values stay decimal strings from end to end; only rounded sums pass through floats.
import { language } from './i18n';
import type { MoneyValue } from './types';

type Numeric = Intl.StringNumericLiteral;
const cache = new Map<string, Intl.NumberFormat>();

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language() + JSON.stringify(options);
  let found = cache.get(key);
  if (!found) cache.set(key, found = new Intl.NumberFormat(language(), options));
  return found;
}

const minus = (text: string) => text.replace(/-/g, '−');
export const isDecimal = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);
export const isZero = (text: string): boolean => /^-?0*(\.0*)?$/.test(text);

export function formatNumber(value: string | number, scale?: number | null): string {
  const text = String(value);
  if (!isDecimal(text)) return text;
  return minus(formatter({ maximumFractionDigits: scale ?? 12 }).format(text as Numeric));
}

/** 1,536 → 1.5 KB: sizes of files, in steps of 1,024. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log2(bytes) / 10) : 0);
  return `${formatter({ maximumFractionDigits: step > 0 ? 1 : 0 }).format(bytes / 2 ** (10 * step))} ${units[step]}`;
}

export const formatPercent = (value: string | number): string => `${formatNumber(value)}%`;

export function formatMoney(money: MoneyValue, scale = 2): string {
  if (!isDecimal(money.value)) return money.value;
  const options: Intl.NumberFormatOptions = { style: 'currency', currency: money.currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: Math.min(scale, 2), maximumFractionDigits: scale };
  return minus(formatter({ ...options, trailingZeroDisplay: 'stripIfInteger' } as Intl.NumberFormatOptions).format(money.value as Numeric));
}

export function currencySign(currency: string): string {
  const parts = formatter({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(0);
  return parts.find((p) => p.type === 'currency')?.value ?? currency;
}

const oneDecimal = (n: number): string => formatter({ minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(n);

/** Sums on boards and totals: ¥118.0万, ¥1.2亿; ¥1.18M, ¥52K in English. */
export function formatSum(money: MoneyValue): string {
  const n = Number(money.value);
  const sign = (n < 0 ? '−' : '') + currencySign(money.currency);
  const a = Math.abs(n);
  if (language() === 'zh-CN') {
    if (a >= 1e8) return `${sign}${oneDecimal(a / 1e8)}亿`;
    return a >= 1e4 ? `${sign}${oneDecimal(a / 1e4)}万` : `${sign}${formatNumber(String(Math.round(a)))}`;
  }
  if (a >= 1e9) return `${sign}${(a / 1e9).toFixed(2)}B`;
  if (a >= 1e6) return `${sign}${(a / 1e6).toFixed(2)}M`;
  return a >= 1e4 ? `${sign}${Math.round(a / 1e3)}K` : `${sign}${formatNumber(String(Math.round(a)))}`;
}

/** What a person typed, as a plain decimal: separators and signs of currency go, full-width digits fold; null when it is no number. */
export function parseDecimal(text: string): string | null {
  const plain = text.normalize('NFKC').replace(/[,\s¥$€£]/g, '').replace(/^−/, '-');
  const found = /^(-?)(\d*)(?:\.(\d*))?$/.exec(plain);
  if (!found || (!found[2] && !found[3])) return null;
  const whole = found[2]!.replace(/^0+(?=\d)/, '') || '0';
  return found[1]! + whole + (found[3] ? `.${found[3]}` : '');
}

/** 1234567.5 → 1,234,567.5 without touching the digits. */
export function groupDigits(value: string): string {
  const found = /^(-?)(\d+)(\.\d*)?$/.exec(value);
  if (!found) return value;
  return found[1]! + found[2]!.replace(/\B(?=(\d{3})+$)/g, ',') + (found[3] ?? '');
}
