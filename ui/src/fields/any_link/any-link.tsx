// A link to a record of any object: its kind is told with it.
import { Link } from 'react-router';
import { objectLabel, useCatalogue } from '@/lib/meta';
import { quote, type DisplayProps, type FieldKit } from '../kit';

export interface AnyLinkValue { object: string; id: string; title?: string | null }

export const anyLinkOf = (value: unknown): AnyLinkValue | null =>
  (value && typeof value === 'object' && 'object' in value && 'id' in value ? value as AnyLinkValue : null);
const titleOf = (link: AnyLinkValue): string => link.title || `#${link.id}`;

const AnyLinkDisplay = ({ value }: DisplayProps) => {
  const { byName } = useCatalogue();
  const link = anyLinkOf(value);
  const target = link ? byName.get(link.object) : undefined;
  if (!link) return null;
  if (!target) return <span className="cut soft">{titleOf(link)}</span>;
  return <span className="row gap4" style={{ minWidth: 0 }}><span className="muted cap">{objectLabel(target)}</span><Link className="cut ink" to={`/${target.plural}/${link.id}`}>{titleOf(link)}</Link></span>;
};

export const anyLink: FieldKit = {
  Display: AnyLinkDisplay,
  text: (_, value) => { const link = anyLinkOf(value); return link ? titleOf(link) : ''; },
  wire: (value) => { const link = anyLinkOf(value); return link?.id ? { object: link.object, id: link.id } : null; },
  literal: (value) => quote(anyLinkOf(value)?.id),
  operators: ['null', 'not_null'],
  width: 200,
};
