// Rules of duplicates as they are edited: what can be compared and how, what a rule says in short, a trial's answer.
import { useQuery } from '@tanstack/react-query';
import { get, send } from '@/lib/api';
import { label, t } from '@/lib/i18n';
import { fieldLabel, fieldOf, titleField } from '@/lib/meta';
import type { DuplicateRule, FieldMeta, Job, ObjectMeta, Page, Rec } from '@/lib/types';
import { changeObject } from '../api';
import { cleanLabel } from '../labels';
import { identifierOf } from '../names';

export const MOST_FIELDS = 6;
const TEXTS = ['text', 'company', 'person', 'code', 'phone', 'email'];

/** How values of the field can be made comparable, the usual way first; nothing: it cannot be compared. */
export function waysOf(field: FieldMeta): string[] {
  if (field.type === 'link') return ['link'];
  const first = field.type === 'phone' || field.type === 'email' ? field.type : field.format ? 'code' : 'text';
  return ['text', 'long_text', 'phone', 'email', 'url', 'auto_number'].includes(field.type) ? [first, ...TEXTS.filter((w) => w !== first)] : [];
}

const SYSTEM = ['id', 'version', 'created_by', 'updated_by', 'created_at', 'updated_at', 'department'];
export const comparable = (object: ObjectMeta): FieldMeta[] => object.fields.filter((f) => !SYSTEM.includes(f.name) && !f.system && waysOf(f).length > 0);

export function freeName(rules: DuplicateRule[], words: string): string {
  const base = identifierOf(words) || 'rule';
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base.slice(0, 36)}_${i}`;
    if (!rules.some((r) => r.name === name)) return name;
  }
}

/** What is sent: without what says nothing. */
export function cleanRule(rule: DuplicateRule, name: string): DuplicateRule {
  const { among, override, threshold, tell_owner, fuzzy } = rule;
  return {
    name, label: cleanLabel(rule.label ?? {}), fields: rule.fields.filter((f) => f.field), action: rule.action ?? 'warn',
    ...(fuzzy ? { fuzzy } : {}), ...(fuzzy && threshold && threshold > 0.5 ? { threshold } : {}),
    ...(among?.length ? { among } : {}), ...(override?.length ? { override } : {}), ...(tell_owner ? { tell_owner } : {}),
  };
}

export const withRule = (rules: DuplicateRule[], at: number, rule: DuplicateRule): DuplicateRule[] => (at < 0 ? [...rules, rule] : rules.map((r, i) => (i === at ? rule : r)));
export const saveRules = (object: ObjectMeta, duplicates: DuplicateRule[], version?: number | string) => changeObject(object.object, { duplicates }, version);

export const ruleWords = (rule: DuplicateRule): string => label(rule.label, rule.name);
export function ruleFields(object: ObjectMeta, rule: DuplicateRule): string {
  const names = rule.fields.map((f) => fieldLabel(fieldOf(object, f.field) ?? { name: f.field, type: '' })).join(' + ');
  return rule.fuzzy ? `${names} · ${t('match.fuzzy_short')} ${Math.round((rule.threshold ?? 0.5) * 100)}%` : names;
}

/* ---- trial */
export interface Sample { a: string; other: string; b: string; score: number }
export interface Trial { records: number; looked_at: number; whole: boolean; rules: { rule: string; pairs: number; samples: Sample[] }[] }
export const tryRule = (object: ObjectMeta, rule: DuplicateRule) => send<Job<Trial>>('POST', `/meta/objects/${object.object}/duplicates/trial`, { body: { duplicates: [rule] } });

/** The records of the samples, by id: title and what the rule compares. */
export function useRecords(object: ObjectMeta | undefined, ids: string[], names: string[]): Map<string, Rec> {
  const fields = object ? [...new Set([titleField(object), ...names.filter((n) => fieldOf(object, n))])].join(',') : '';
  const { data } = useQuery({
    queryKey: ['trial-records', object?.plural, ids, fields], enabled: !!object && ids.length > 0,
    queryFn: ({ signal }) => get<Page>(`/${object!.plural}`, { filter: `id in (${ids.map((i) => JSON.stringify(i)).join(', ')})`, fields, count: 'none' }, signal),
  });
  return new Map(data?.items.map((r) => [r.id, r]));
}
