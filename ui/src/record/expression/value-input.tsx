// The values of one condition, by the field's kind: several choices, people, days said relatively, two ends, one value of the field's own input.
import { Cascader, InputNumber, Select } from 'antd';
import { kitOf } from '@/fields/fields';
import { FieldInput } from '@/fields/inputs';
import { linkTitle } from '@/fields/link/link';
import { useCandidates } from '@/fields/link/use-candidates';
import { label, t } from '@/lib/i18n';
import { entriesOf, useCatalogue } from '@/lib/meta';
import { region } from '@/lib/region';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { useId, useMemo, useState } from 'react';
import { linkLiteral } from '../board/board-meta';
import { literalValue } from '../filter/expression';
import { PERIODS, type Row } from '../filter/row';
import { useTitles } from '../filter/use-titles';
import { resultOf } from '../filter/words';
import { useShell } from '../page/shell-context';
import { asFilterField, isMany, selvesOf, takesDays, takesMany, takesNothing } from './offer';

interface Props { object: ObjectMeta; field: FieldMeta; row: Row; autoFocus?: boolean; onChange: (values: string[], path?: string) => void }

const SELF: Record<string, string> = { 'me()': 'filter.me', 'my_department()': 'filter.my_department' };

/** One or several linked records; who asks stands first where it fits. */
function LinkValues({ object, field, row, autoFocus, onChange, many }: Props & { many: boolean }) {
  const catalogue = useCatalogue();
  const [search, setSearch] = useState('');
  const { items, loading } = useCandidates({ ...field, type: 'link' }, search, true, undefined, undefined);
  const titles = useTitles(field, row.values);
  const selves = search ? [] : selvesOf(object, field).map((v) => ({ value: v, label: t(SELF[v]!) }));
  const found = items.map((i) => ({ value: linkLiteral(catalogue, field.to, i), label: linkTitle(i) }));
  const kept = row.values.filter((v) => v && ![...selves, ...found].some((o) => o.value === v)).map((v) => ({ value: v, label: SELF[v] ? t(SELF[v]) : titles.get(literalValue(v)) || literalValue(v) }));
  const shared = { options: [...selves, ...(search ? [] : kept), ...found], showSearch: { filterOption: false, searchValue: search, onSearch: setSearch }, loading, autoFocus, 'aria-label': t('filter.value'), popupMatchSelectWidth: false, notFoundContent: <span className="muted cap">{loading ? t('state.searching') : t('link.none')}</span> };
  if (many) return <Select mode="multiple" {...shared} value={row.values.filter(Boolean)} onChange={(v: string[]) => { setSearch(''); onChange(v); }} labelRender={(o) => kept.find((k) => k.value === o.value)?.label ?? o.label ?? titles.get(literalValue(String(o.value))) ?? String(o.value)} />;
  return <Select {...shared} value={row.values[0] || undefined} onChange={(v: string) => { setSearch(''); onChange([v]); }} labelRender={(o) => o.label ?? titles.get(literalValue(String(o.value))) ?? String(o.value)} />;
}

function ListValues({ field, row, autoFocus, onChange }: Props) {
  const values = row.values.filter(Boolean);
  const listed = !!field.choices;
  const options = (field.choices ?? []).filter((c) => !c.retired || values.includes(JSON.stringify(c.value))).map((c) => ({ value: JSON.stringify(c.value), label: label(c.label, c.value) }));
  if (listed) return <Select mode="multiple" value={values} onChange={(v: string[]) => onChange(v)} options={options} showSearch={{ optionFilterProp: 'label' }} autoFocus={autoFocus} aria-label={t('filter.value')} popupMatchSelectWidth={false} />;
  return <Select mode="tags" value={values.map(literalValue)} onChange={(all: string[]) => onChange(all.map((v) => JSON.stringify(v)))} open={false} suffixIcon={null} autoFocus={autoFocus} aria-label={t('filter.value')} />;
}

type DayKind = 'day' | 'today' | 'ago' | 'ahead';
const kindOf = (literal: string): DayKind => (literal === 'today()' ? 'today' : literal.startsWith('days_ago') ? 'ago' : literal.startsWith('days_ahead') ? 'ahead' : 'day');
const START: Record<DayKind, string> = { day: '', today: 'today()', ago: 'days_ago(7)', ahead: 'days_ahead(7)' };

function DayValue({ field, literal, autoFocus, onChange }: { field: FieldMeta; literal: string; autoFocus?: boolean; onChange: (literal: string) => void }) {
  const id = useId();
  const kind = kindOf(literal);
  const days = Number(/\d+/.exec(literal)?.[0] ?? 0);
  return (
    <>
      <Select value={kind} onChange={(k: DayKind) => onChange(START[k])} options={(['day', 'today', 'ago', 'ahead'] as const).map((k) => ({ value: k, label: t(k === 'day' ? 'filter.on_day' : `filter.day_${k}`) }))} aria-label={t('filter.day_kind')} popupMatchSelectWidth={false} />
      {kind === 'day' && <label className="visually-hidden" htmlFor={id}>{t('filter.value')}</label>}
      {kind === 'day' && <FieldInput id={id} field={field} value={literal ? literalValue(literal) : null} onChange={(v) => onChange(v ? JSON.stringify(v) : '')} autoFocus={autoFocus} />}
      {(kind === 'ago' || kind === 'ahead') && <InputNumber value={days} min={0} max={36500} precision={0} onChange={(n) => onChange(`days_${kind}(${n ?? 0})`)} aria-label={t('filter.value')} />}
    </>
  );
}

/** A literal as the value of the field's own input. */
function valueOf(field: FieldMeta, literal: string): unknown {
  if (literal === '') return null;
  if (field.type === 'money') return { value: literalValue(literal), currency: region().currency };
  return literalValue(literal);
}

function OneValue({ field, literal, autoFocus, onChange }: { field: FieldMeta; literal: string; autoFocus?: boolean; onChange: (literal: string) => void }) {
  const id = useId();
  const type = field.type;
  if (type === 'date' || type === 'datetime') return <DayValue field={field} literal={literal} autoFocus={autoFocus} onChange={onChange} />;
  if (type === 'boolean') return <Select value={literal || 'true'} onChange={onChange} options={['true', 'false'].map((v) => ({ value: v, label: t(v === 'true' ? 'value.yes' : 'value.no') }))} autoFocus={autoFocus} aria-label={t('filter.value')} />;
  const flat = type === 'long_text' || type === 'rich_text' ? { ...field, type: 'text' } : field;
  const told = (value: unknown) => { const empty = value === null || value === undefined || value === '' || (typeof value === 'object' && 'value' in value && value.value === ''); onChange(empty ? '' : kitOf(flat).literal(value)); };
  return <><label className="visually-hidden" htmlFor={id}>{t('filter.value')}</label><FieldInput id={id} field={flat} value={valueOf(flat, literal)} onChange={told} autoFocus={autoFocus} /></>;
}

const PLACE = /\.(province|city)$/;

/** Province, then city: what is chosen says which of the two the condition asks. */
function PlaceValue({ row, autoFocus, onChange }: Props) {
  const { phone } = useShell();
  const base = row.path.replace(PLACE, '');
  const cities = entriesOf('city');
  const options = useMemo(() => entriesOf('province').filter((p) => !p.retired).map((p) => ({ value: p.value, label: label(p.label, p.value), children: entriesOf('city').filter((c) => c.parent === p.value && !c.retired).map((c) => ({ value: c.value, label: label(c.label, c.value) })) })), []);
  const value = row.values[0] ? literalValue(row.values[0]) : '';
  const parent = row.path.endsWith('.city') ? cities.find((c) => c.value === value)?.parent : undefined;
  const chosen = !value ? undefined : parent ? [parent, value] : [value];
  const set = (all: string[] | undefined) => onChange(all?.length ? [JSON.stringify(all.at(-1))] : [], `${base}.${all && all.length > 1 ? 'city' : 'province'}`);
  return <Cascader options={options} value={chosen} onChange={(all) => set(all as string[] | undefined)} changeOnSelect allowClear={false} expandTrigger={phone ? 'click' : 'hover'} showSearch autoFocus={autoFocus} aria-label={t('filter.value')} placeholder={t('filter.place')} displayRender={(labels) => labels.join(' · ')} classNames={{ popup: { root: 'place-pop' } }} />;
}

export function ValueInput(props: Props) {
  const { field: found, row, autoFocus, onChange } = props;
  const field = asFilterField(found);
  const { operator, values } = row;
  if (takesNothing(operator)) return operator === 'null' || operator === 'not_null' ? <span /> : <span className="static soft">{t('filter.my_departments()')}</span>;
  if (operator === 'period') return <Select value={values[0]} onChange={(p: string) => onChange([p])} options={PERIODS.map((p) => ({ value: p as string, label: t(`period.${p}`) }))} autoFocus={autoFocus} aria-label={t('filter.value')} />;
  if (takesDays(operator)) return <InputNumber value={Number(values[0])} min={1} max={36500} precision={0} onChange={(n) => onChange([String(n ?? 1)])} suffix={t('filter.days')} autoFocus={autoFocus} aria-label={t('filter.value')} />;
  if (resultOf(found) === 'link' || resultOf(found) === 'links') return <LinkValues {...props} many={takesMany(operator)} />;
  if ((operator === 'eq' || operator === 'ne') && PLACE.test(row.path) && found.type === 'choice' && entriesOf('province').length > 0) return <PlaceValue {...props} />;
  if (takesMany(operator) || isMany(found)) return <ListValues {...props} field={field} />;
  if (operator !== 'between') return <OneValue field={field} literal={values[0] ?? ''} autoFocus={autoFocus} onChange={(v) => onChange([v])} />;
  const [from = '', to = ''] = values;
  return <><OneValue field={field} literal={from} autoFocus={autoFocus} onChange={(v) => onChange([v, to])} /><span className="soft cap nw">{t('filter.value_to')}</span><OneValue field={field} literal={to} onChange={(v) => onChange([from, v])} /></>;
}
