import { Link } from 'react-router';
import { Avatar } from '@/components/avatar';
import { showsPeople } from '@/components/icons';
import { t } from '@/lib/i18n';
import { hasTrait, useCatalogue } from '@/lib/meta';
import type { LinkValue } from '@/lib/types';
import { emptyToNull, quote, SET_OPERATORS, type DisplayProps, type FieldKit } from '../kit';

export const linkOf = (value: unknown): LinkValue | null =>
  (value && typeof value === 'object' && 'id' in value ? value as LinkValue : typeof value === 'string' && value ? { id: value } : null);
/** Ids below 2^20 are built in: who has one and no name is the system itself. */
const isBuiltIn = (id: string): boolean => id.length < 8 && Number(id) < 2 ** 20;
export function linkTitle(link: LinkValue | null): string {
  if (!link) return '';
  return link.title || link.code || (isBuiltIn(link.id) ? t('history.system') : `#${link.id}`);
}

/** People show their face; entries of a coded list are words, not destinations. */
export const LinkDisplay = ({ field, value }: DisplayProps) => {
  const { byName } = useCatalogue();
  const link = linkOf(value);
  const target = field.to ? byName.get(field.to) : undefined;
  if (!link) return null;
  const title = linkTitle(link);
  if (!link.title && isBuiltIn(link.id)) return <span className="cut soft">{title}</span>;
  const person = showsPeople(target?.icon ?? target?.object);
  if (!target || hasTrait(target, 'coded')) return <span className="cut soft">{title}</span>;
  if (person) return <Link className="person ink" to={`/${target.plural}/${link.id}`}><Avatar name={title} seed={link.id} /><span className="cut">{title}</span></Link>;
  return <Link className="cut ink" to={`/${target.plural}/${link.id}`} title={title.length > 12 ? title : undefined}>{title}</Link>;
};

export const link: FieldKit = {
  Display: LinkDisplay,
  text: (_, value) => linkTitle(linkOf(value)),
  wire: (value) => linkOf(emptyToNull(value))?.id ?? null,
  literal: (value) => { const found = linkOf(value); return quote(found?.code ?? found?.id); },
  operators: SET_OPERATORS,
  width: 136,
};
