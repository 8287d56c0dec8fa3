import { Link } from 'react-router';
import { Avatar } from '@/components/avatar';
import { showsPeople } from '@/components/icons';
import { hasTrait, useCatalogue } from '@/lib/meta';
import type { LinkValue } from '@/lib/types';
import { emptyToNull, quote, SET_OPERATORS, type DisplayProps, type FieldKit } from '../kit';

export const linkOf = (value: unknown): LinkValue | null =>
  (value && typeof value === 'object' && 'id' in value ? value as LinkValue : typeof value === 'string' && value ? { id: value } : null);
export const linkTitle = (link: LinkValue | null): string => link?.title || link?.code || (link ? `#${link.id}` : '');

/** People show their face; entries of a coded list are words, not destinations. */
export const LinkDisplay = ({ field, value }: DisplayProps) => {
  const { byName } = useCatalogue();
  const link = linkOf(value);
  const target = field.to ? byName.get(field.to) : undefined;
  if (!link) return null;
  const title = linkTitle(link);
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
