import { expect, it } from 'vitest';
import type { ObjectMeta, Rec } from '@/lib/types';
import { fillRow, sumOf, takenFrom, totalOf, withAmount } from './fill';
import { lineErrors, lineKinds, linesBody, newRow, rowsOf } from './lines';

const cny = (value: string) => ({ value, currency: 'CNY' });
const line: ObjectMeta = { object: 'sale_line', plural: 'sale_lines', traits: ['line'], fields: [
  { name: 'sale', type: 'link', to: 'sale', required: true }, { name: 'thing', type: 'link', to: 'thing' }, { name: 'name', type: 'text', required: true }, { name: 'quantity', type: 'decimal' },
  { name: 'list_price', type: 'money', scale: 6 }, { name: 'price', type: 'money', scale: 6 }, { name: 'discount_rate', type: 'percent' }, { name: 'amount', type: 'money', scale: 2 }, { name: 'position', type: 'integer', system: true },
] };
const thing: ObjectMeta = { object: 'thing', plural: 'things', fields: [{ name: 'name', type: 'text' }, { name: 'price', type: 'money' }, { name: 'quantity', type: 'text' }] };
const sale: ObjectMeta = { object: 'sale', plural: 'sales', relations: [{ name: 'lines', object: 'sale_line', plural: 'sale_lines', field: 'sale' }, { name: 'uses', object: 'sale_line', plural: 'sale_lines', field: 'thing' }],
  fields: [{ name: 'total', type: 'money', scale: 2 }, { name: 'discount', type: 'money' }, { name: 'shipping_fee', type: 'money' }] };
const stored = (...names: string[]): Rec[] => names.map((name, i) => ({ id: `${i + 1}`, version: 1, name, position: i + 1, price: cny('2.000000') }));

it('takes as lines what cannot be without the record', () => {
  const byName = new Map([line, thing, sale].map((o) => [o.object, o]));
  expect(lineKinds(sale, byName).map((k) => k.relation.name)).toEqual(['lines']);
});

it('sends what has changed, has come and is gone; nothing else', () => {
  const [a, b, c] = rowsOf(stored('a', 'b', 'c')) as [ReturnType<typeof newRow>, ReturnType<typeof newRow>, ReturnType<typeof newRow>];
  expect(linesBody(line, [a, b, c])).toBeNull();
  const added = newRow({ name: 'd', price: null, thing: { id: '9', title: 'Nine' } });
  expect(linesBody(line, [{ ...a, values: { name: 'A' } }, { ...b, gone: true }, c, added])).toEqual({
    body: [{ id: '1', name: 'A' }, { id: '2', delete: true }, { name: 'd', thing: '9' }], keys: ['1', '2', added.key],
  });
  expect(linesBody(line, [{ ...newRow({ name: 'x' }), gone: true }])).toBeNull();
});

it('tells places only when rows were moved', () => {
  const [a, b] = rowsOf(stored('a', 'b')) as [ReturnType<typeof newRow>, ReturnType<typeof newRow>];
  expect(linesBody(line, [b, a])?.body).toEqual([{ id: '2', position: 1 }, { id: '1', position: 2 }]);
  expect(linesBody(line, [a, newRow({ name: 'n' }), b])?.body).toEqual([{ name: 'n', position: 2 }, { id: '2', position: 3 }]);
});

it('finds the row that an error is about', () => {
  const errors = [{ field: 'lines[1].quantity', message: 'no' }, { field: 'lines[0]', message: 'row' }, { field: 'lines', message: 'all' }, { field: 'name', message: 'other' }];
  expect(lineErrors(errors, { lines: ['k0', 'k1'] })).toEqual([
    { relation: 'lines', key: 'k1', field: 'quantity', message: 'no' }, { relation: 'lines', key: 'k0', field: null, message: 'row' }, { relation: 'lines', key: null, field: null, message: 'all' },
  ]);
});

it('fills what a picked record says, and nothing that was written', () => {
  const given = takenFrom(line, thing, { id: '1', version: 1, name: 'Lamp', price: cny('10'), quantity: 'many' });
  expect(given).toEqual({ name: 'Lamp', list_price: cny('10'), price: cny('10') });
  const row = fillRow(newRow({ name: 'mine' }), given);
  expect(row.values).toMatchObject({ name: 'mine', price: cny('10') });
  expect(fillRow(row, { ...given, price: cny('12') }).values.price).toEqual(cny('12'));
});

it('counts amounts exactly, keeps a written one, and makes the total', () => {
  const row = withAmount(line, newRow({ quantity: '3', price: cny('0.335'), discount_rate: '10' }));
  expect(row.values.amount).toEqual(cny('0.90'));
  const written = { ...row, values: { ...row.values, amount: cny('1.00'), quantity: '4' } };
  expect(withAmount(line, written).values.amount).toEqual(cny('1.00'));
  expect(sumOf([row, written, { ...written, gone: true }], 'amount')).toEqual(cny('1.90'));
  expect(totalOf(sale, { discount: cny('0.5'), shipping_fee: cny('2') }, [row, written])).toEqual(cny('3.40'));
  expect(totalOf(thing, {}, [row])).toBeUndefined();
});
