// What a form fills in by itself, and takes back only where nobody has written: what a picked record says, amounts, the total.
// Names decide, as the dictionary gives them to every object with lines: quantity, price, discount_rate, amount; total, discount, shipping_fee.
import { fieldOf, isEditable } from '@/lib/meta';
import { exact, minus, plus, rounded, times } from '@/lib/decimal';
import { region } from '@/lib/region';
import type { MoneyValue, ObjectMeta, Rec } from '@/lib/types';
import type { Values } from '../data/save';
import { valueOf, type LineRow } from './lines';

const blank = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length);
const money = (value: unknown): MoneyValue | null => (value && typeof value === 'object' && 'value' in value ? value as MoneyValue : null);
const moneyOr = (value: unknown): ReturnType<typeof exact> => exact(money(value)?.value);

/** Puts values where nothing stands, or what was filled in before; `list_price` takes what `price` says. */
export function fillRow(row: LineRow, given: Values): LineRow {
  const free = Object.entries(given).filter(([name]) => blank(valueOf(row, name)) || JSON.stringify(valueOf(row, name)) === JSON.stringify(row.auto[name]));
  return free.length ? { ...row, values: { ...row.values, ...Object.fromEntries(free) }, auto: { ...row.auto, ...Object.fromEntries(free) } } : row;
}

/** Fields of a picked record that the line has as well, of the same name and type. */
export function takenFrom(target: ObjectMeta, source: ObjectMeta, record: Rec): Values {
  return Object.fromEntries(target.fields.filter((f) => isEditable(f) && !f.system && f.type !== 'link').flatMap((f) => {
    const same = fieldOf(source, f.name) ?? fieldOf(source, f.name.replace(/^list_/, ''));
    return same && same.type === f.type && !blank(record[same.name]) ? [[f.name, record[same.name]]] : [];
  }));
}

/** quantity × price less the discount, at the scale of the amount. */
export function withAmount(target: ObjectMeta, row: LineRow): LineRow {
  const field = fieldOf(target, 'amount');
  const price = money(valueOf(row, 'price'));
  const quantity = exact(valueOf(row, 'quantity')), each = exact(price?.value);
  if (!field || field.type !== 'money' || !isEditable(field) || !quantity || !each || !price) return row;
  const rest = minus(exact('100')!, exact(valueOf(row, 'discount_rate')) ?? exact('0')!);
  const value = rounded(times(times(quantity, each), times(rest, exact('0.01')!)), field.scale ?? 2);
  return fillRow(row, { amount: { value, currency: price.currency } });
}

/** Sum of a money column over the rows that stay; null where currencies differ. */
export function sumOf(rows: LineRow[], name: string, scale = 2): MoneyValue | null {
  const all = rows.filter((r) => !r.gone).map((r) => money(valueOf(r, name))).filter((m) => m !== null);
  if (new Set(all.map((m) => m.currency)).size > 1) return null;
  const sum = all.reduce((total, m) => plus(total, exact(m.value) ?? exact('0')!), exact('0')!);
  return { value: rounded(sum, scale), currency: all[0]?.currency ?? region().currency };
}

/** The record's total by its lines: their amounts less its discount, with shipping. undefined: it has none, or none can be told. */
export function totalOf(object: ObjectMeta, record: Values, rows: LineRow[]): MoneyValue | undefined {
  const field = fieldOf(object, 'total');
  const sum = field?.type === 'money' && isEditable(field) ? sumOf(rows, 'amount', 6) : null;
  if (!field || !sum) return undefined;
  const part = (name: string) => (fieldOf(object, name)?.type === 'money' ? moneyOr(record[name]) : null) ?? exact('0')!;
  return { value: rounded(plus(minus(exact(sum.value)!, part('discount')), part('shipping_fee')), field.scale ?? 2), currency: sum.currency };
}
