import { asText, quote, type DisplayProps, type FieldKit } from '../kit';
import { linkOf, linkTitle } from '../link/link';
import type { LinkValue } from '@/lib/types';

export const linksOf = (value: unknown): LinkValue[] => (Array.isArray(value) ? value.map(linkOf).filter((l): l is LinkValue => l !== null) : []);

const LinksDisplay = ({ value }: DisplayProps) => {
  const all = linksOf(value);
  return <span className="row gap4" style={{ minWidth: 0 }}>{all.slice(0, 3).map((l) => <span key={l.id} className="chip"><span className="cut">{linkTitle(l)}</span></span>)}{all.length > 3 && <span className="muted cap">+{all.length - 3}</span>}</span>;
};

export const links: FieldKit = {
  Display: LinksDisplay,
  text: (field, value) => (Array.isArray(value) ? linksOf(value).map(linkTitle).join('、') : asText(field, value)),
  wire: (value) => linksOf(value).map((l) => l.id),
  literal: (value) => quote(linksOf(value)[0]?.id),
  operators: ['null', 'not_null'],
  width: 180,
};
