// Choosing somebody, or a group: first the kind, then who.
import { Select } from 'antd';
import { LinkInput } from '@/fields/link/link-input';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import { KINDS, wirePrincipal, type Kind, type Principal, type PrincipalKind } from '@/lib/principals';
import type { FieldMeta, LinkValue } from '@/lib/types';
import { useKindWords } from './principal';

const asField = (kind: Kind): FieldMeta => ({ name: kind, type: 'link', to: kind, required: true, fixed: true });

interface Props { kind: PrincipalKind; value: LinkValue | null; onChange: (kind: PrincipalKind, value: LinkValue | null) => void; id: string; invalid?: boolean; everyone?: boolean }

export function PrincipalPicker({ kind, value, onChange, id, invalid, everyone = true }: Props) {
  const { byName } = useCatalogue();
  const words = useKindWords();
  const kinds: PrincipalKind[] = [...KINDS.filter((k) => byName.has(k)), ...(everyone ? ['everyone' as const] : [])];
  return (
    <div className="principal">
      <label className="visually-hidden" htmlFor={id}>{words(kind)}</label>
      <Select value={kind} onChange={(next: PrincipalKind) => onChange(next, null)} options={kinds.map((k) => ({ value: k, label: words(k) }))} aria-label={t('share.kind')} popupMatchSelectWidth={false} />
      {kind === 'everyone' ? <span className="muted cap">{t('share.everyone_text')}</span> : <LinkInput key={kind} field={asField(kind)} value={value} onChange={(v) => onChange(kind, v as LinkValue | null)} id={id} invalid={invalid} />}
    </div>
  );
}

export const principalOf = (kind: PrincipalKind, value: LinkValue | null): Principal | null => (kind === 'everyone' ? wirePrincipal(kind, undefined) : value ? wirePrincipal(kind, value.id) : null);
