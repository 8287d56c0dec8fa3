// People and groups of them as one sees them: a face, or the icon of the kind.
import { Globe } from 'lucide-react';
import '@/lib/access-words';
import '@/styles/access.css';
import { Avatar } from '@/components/avatar';
import { iconOf } from '@/components/icons';
import { t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import { kindOf, linkOfPrincipal, PERSON, type Principal, type PrincipalKind } from '@/lib/principals';

export function principalName(principal: Principal): string {
  const link = linkOfPrincipal(principal);
  return kindOf(principal) === 'everyone' ? t('share.everyone') : link?.title || `#${link?.id ?? ''}`;
}

export function PrincipalMark({ principal, size = 24 }: { principal: Principal; size?: number }) {
  const { byName } = useCatalogue();
  const kind = kindOf(principal);
  if (kind === PERSON) return <Avatar name={principalName(principal)} seed={linkOfPrincipal(principal)?.id} size={size} />;
  const Icon = kind === 'everyone' ? Globe : iconOf(byName.get(kind)?.icon);
  return <span className="av sq tile" style={{ width: size, height: size }}><Icon size={Math.round(size * 0.62)} strokeWidth={1.75} aria-hidden /></span>;
}

/** What kind of principal it is, in the catalogue's words. */
export function useKindWords(): (kind: PrincipalKind) => string {
  const { byName } = useCatalogue();
  return (kind) => {
    const object = byName.get(kind);
    return kind === 'everyone' || !object ? t('share.everyone') : objectLabel(object);
  };
}
