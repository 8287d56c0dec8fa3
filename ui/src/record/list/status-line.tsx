// Number of records, sums of the money columns, the expression in force, the server's time.
import { useQuery } from '@tanstack/react-query';
import { CodeXml } from 'lucide-react';
import { copyText } from '@/components/copy';
import { serverMs } from '@/lib/api';
import { inSentence, plural, t } from '@/lib/i18n';
import { fieldLabel, objectLabel } from '@/lib/meta';
import { formatMoney, formatNumber } from '@/lib/numbers';
import type { Count, MoneyValue, ObjectMeta } from '@/lib/types';
import { fetchSums } from '../data/records';
import { useAsOf } from '../page/as-of';
import type { Column } from '../page/columns';
import { useShell } from '../page/shell-context';
import type { ListState } from './list-view';

interface Props { object: ObjectMeta; state: ListState; columns: Column[]; count: Count | null; ready: boolean }

const MAX_SUMS = 2;
/* A price per piece adds up to nothing; by the dictionary's rule such fields are called price or cost. */

function useSums(object: ObjectMeta, columns: Column[], filter: string, q: string, enabled: boolean) {
  const { asOf } = useAsOf();
  const summed = columns.filter((c) => c.field.type === 'money' && c.field.summable !== false && !/(^|_)(price|cost)$/.test(c.field.name)).slice(0, MAX_SUMS);
  const query = useQuery({
    queryKey: ['sums', object.plural, filter, q, asOf, summed.map((c) => c.field.name)],
    queryFn: () => fetchSums(object.plural, summed.map((c) => ({ sum: c.field.name })), filter, [], q, asOf),
    enabled: enabled && summed.length > 0,
    staleTime: 30_000,
  });
  const total = query.data?.total ?? query.data?.rows[0];
  return summed.flatMap((c) => {
    const value = total?.[`sum_${c.field.name}`] as MoneyValue | null | undefined;
    return value ? [{ field: c.field, text: formatMoney(value, c.field.scale ?? 2) }] : [];
  });
}

export function countWords(object: ObjectMeta, count: Count, filtered: boolean): string {
  const objects = plural(inSentence(objectLabel(object)));
  const n = formatNumber(count.value);
  return t(count.exact ? (filtered ? 'count.filtered' : 'count.all') : 'count.more', { count: n, objects });
}

export function StatusLine({ object, state, columns, count, ready }: Props) {
  const { phone } = useShell();
  const sums = useSums(object, columns, state.effective, state.q, ready && !phone);
  const ms = serverMs(`/${object.plural}`);
  if (phone) return null;
  const copy = () => { void copyText(state.effective); };
  return (
    <footer className="status">
      {count && <span aria-live="polite">{countWords(object, count, !!(state.effective || state.q))}</span>}
      {sums.map((s) => <span key={s.field.name}>{t('count.sum', { field: fieldLabel(s.field) })} <span className="soft">{s.text}</span></span>)}
      {state.effective && <button type="button" className="expr end" title={t('filter.copy')} onClick={copy}><CodeXml size={14} strokeWidth={1.75} aria-hidden /><code className="cut">{state.effective}</code></button>}
      {ms !== undefined && <span className={state.effective ? '' : 'end'}>{t('count.ms', { n: Math.max(1, Math.round(ms)) })}</span>}
    </footer>
  );
}
