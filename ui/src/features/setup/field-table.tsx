// Fields of an object as the form groups them: type, what is demanded of them, and whether an index stands.
import { useQuery } from '@tanstack/react-query';
import { hasMessage, label, t } from '@/lib/i18n';
import { fieldLabel, objectLabel, useCatalogue } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { getIndexes, type IndexState } from './api';
import { fieldIcon } from './field-types';

interface Group { title: string; fields: FieldMeta[] }

/** As the form groups them, then the rest, then what the system keeps. */
function groupsOf(object: ObjectMeta): Group[] {
  const form = object.layouts?.find((l) => l.kind === 'form');
  const byName = new Map(object.fields.map((f) => [f.name, f]));
  const groups: Group[] = (form?.sections ?? []).map((s) => ({ title: label(s.label, ''), fields: s.fields.map((n) => byName.get(n)).filter((f) => f !== undefined) }));
  const placed = new Set(groups.flatMap((g) => g.fields.map((f) => f.name)));
  const rest = object.fields.filter((f) => !placed.has(f.name));
  const more = [{ title: t('record.more_fields'), fields: rest.filter((f) => !f.system) }, { title: t('record.system'), fields: rest.filter((f) => f.system) }];
  return [...groups, ...more].filter((g) => g.fields.length);
}

export const matches = (field: FieldMeta, find: string): boolean => {
  const q = find.trim().toLowerCase();
  return !q || [field.name, field.label?.['zh-CN'], field.label?.en].some((text) => text?.toLowerCase().includes(q));
};

/** Of the indexes that begin with the field the worst state; none: no index. */
export function indexOf(field: FieldMeta, indexes: IndexState[]): IndexState['state'] | '' {
  const mine = indexes.filter((i) => i.fields[0] === field.name).map((i) => i.state);
  return (['failed', 'pending', 'ready'] as const).find((s) => mine.includes(s)) ?? '';
}

function Row({ field, index, on, onPick }: { field: FieldMeta; index: string; on: boolean; onPick?: () => void }) {
  const { byName } = useCatalogue();
  const Icon = fieldIcon(field.type);
  const target = field.to && !Array.isArray(field.to) ? byName.get(field.to) : undefined;
  const notes = [
    field.required && t('form.required'), field.unique && t('setup.unique'), field.search && t('setup.in_search'), field.visible_when && t('setup.conditional'), field.readonly && t('setup.computed'), field.custom && t('setup.custom'),
  ].filter(Boolean);
  const state = field.retype ? t('setup.retyping') : index ? t(`setup.index_${index}`) : '';
  const Kind = onPick ? 'button' : 'div';
  return (
    <Kind type={onPick ? 'button' : undefined} className={`frow five${on ? ' on' : ''}${onPick ? '' : ' still'}`} onClick={onPick}>
      <Icon size={16} strokeWidth={1.75} className="soft" aria-hidden /><span className="cut">{fieldLabel(field)}</span><code className="cut">{field.name}</code>
      <span className="soft cut">{hasMessage(`type.${field.type}`) ? t(`type.${field.type}`) : field.type}{target ? ` → ${objectLabel(target)}` : ''}</span><span className="muted cap cut">{notes.join(' · ')}</span>
      <span className={index === 'failed' ? 'late cap cut' : index === 'pending' || field.retype ? 'warn cap cut' : 'muted cap cut'}>{state}</span>
    </Kind>
  );
}

export function FieldTable({ object, find, selected, onPick }: { object: ObjectMeta; find: string; selected?: string; onPick: (field: FieldMeta) => void }) {
  const indexes = useQuery({ queryKey: ['meta-indexes', object.object], queryFn: async () => (await getIndexes(object.object)).items, staleTime: 10_000, refetchInterval: (q) => (q.state.data?.some((i) => i.state === 'pending') ? 2000 : false) });
  const groups = groupsOf(object).map((g) => ({ ...g, fields: g.fields.filter((f) => matches(f, find)) })).filter((g) => g.fields.length);
  return (
    <div className="pane">
      <div className="frow five hd"><span /><span>{t('setup.column_label')}</span><span>{t('setup.name')}</span><span>{t('setup.type')}</span><span>{t('setup.properties')}</span><span>{t('setup.index')}</span></div>
      {!groups.length && <p className="set-empty">{t('setup.find_nothing', { text: find })}</p>}
      {groups.map((g) => (
        <div key={g.title}>
          <div className="frow sec"><b>{g.title}</b><span className="muted cap">{g.fields.length}</span></div>
          {g.fields.map((f) => <Row key={f.name} field={f} index={indexOf(f, indexes.data ?? [])} on={f.name === selected} onPick={f.system ? undefined : () => onPick(f)} />)}
        </div>
      ))}
    </div>
  );
}
