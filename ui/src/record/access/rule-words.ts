// The rules by which somebody may or may not, in words: "role:seller own", "share", "pool", "link" … (docs/admin/rights.md).
import { useQuery } from '@tanstack/react-query';
import '@/lib/access-words';
import { get } from '@/lib/api';
import { hasMessage, language, t } from '@/lib/i18n';
import { fieldOf, useCatalogue } from '@/lib/meta';
import { KINDS } from '@/lib/principals';
import type { Page } from '@/lib/types';
import { linkTitle } from '@/fields/link/link';
import type { Rule } from './access-api';

export type Names = ReadonlyMap<string, string>;
const NO_NAMES: Names = new Map();

export function ruleWords(rule: string, names: Names, no = false): string {
  const found = /^role:(\S+) (\S+)$/.exec(rule);
  if (found) {
    const role = names.get(found[1]!) ?? found[1]!;
    return no ? t('rule.role_not', { role, scope: t(`scope.${found[2]!}`) }) : t('rule.role', { role, scope: t(`scope.${found[2]!}`) });
  }
  const key = `rule.${rule.replace(/ /g, '_')}`;
  return hasMessage(key) ? t(key) : rule;
}

/** With the position that brings the role, where one does. */
export function ruleText({ rule, positions, own }: Rule, names: Names, no = false): string {
  const words = ruleWords(rule, names, no);
  return positions?.length ? t(own ? 'rule.by_too' : 'rule.by', { words, by: positions.map(linkTitle).join(t('list.separator')) }) : words;
}

/** Names of roles by their code, in the reader's language where they have one. */
export function useRoleNames(): Names {
  const { byName } = useCatalogue();
  const roles = byName.get(KINDS[3]);
  const english = language() === 'en' && roles && fieldOf(roles, 'name_en');
  const { data } = useQuery({
    queryKey: ['role-names', !!english], enabled: !!roles && !!fieldOf(roles, 'code'), staleTime: 60_000,
    queryFn: ({ signal }) => get<Page>(`/${roles!.plural}`, { fields: english ? 'code,name,name_en' : 'code,name', limit: 200, count: 'none' }, signal),
    select: (page): Names => new Map(page.items.map((r) => [String(r.code), String((english && r.name_en) || r.name || r.code)])),
  });
  return data ?? NO_NAMES;
}
