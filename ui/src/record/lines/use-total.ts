// The total of a record follows its lines as long as nobody has written another one.
import { useEffect, useRef } from 'react';
import { fieldOf } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { sameWire, type Values } from '../data/save';
import type { FormState } from '../form/use-form';
import { totalOf } from './fill';

export function useTotal(object: ObjectMeta, form: FormState) {
  const record: Values = { ...form.base, ...form.values };
  const rows = form.lines.kinds.filter((k) => fieldOf(k.target, 'amount')?.type === 'money').flatMap((k) => form.lines.rows[k.relation.name] ?? []);
  const total = rows.length ? totalOf(object, record, rows) : undefined;
  const told = useRef(total);
  const text = JSON.stringify(total);
  useEffect(() => {
    if (!total || !form.lines.dirty) return;
    const now = record.total;
    const free = now === null || now === undefined || sameWire(object, 'total', now, told.current);
    if (!free) return;
    told.current = total;
    if (!sameWire(object, 'total', now, total)) form.set('total', total);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, form.lines.dirty]);
}
