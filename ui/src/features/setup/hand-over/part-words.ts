// Parts of a hand-over in the catalogue's words: "account" → Accounts, "department.manager" → Department · Manager.
import { hasMessage, t } from '@/lib/i18n';
import { fieldLabel, fieldOf, objectLabel, pluralLabel, type Catalogue } from '@/lib/meta';

export function partWords({ byName }: Catalogue, part: string): string {
  if (hasMessage(`hand.part.${part}`)) return t(`hand.part.${part}`);
  const [name = '', link] = part.split('.');
  const object = byName.get(name);
  if (!object) return part;
  const field = link ? fieldOf(object, link) : undefined;
  return link ? `${objectLabel(object)} · ${field ? fieldLabel(field) : link}` : pluralLabel(object);
}
