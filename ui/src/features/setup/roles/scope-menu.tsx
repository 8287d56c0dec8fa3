// The scopes of one cell as a menu at the cell.
import { Dropdown, type MenuProps } from 'antd';
import { Check, CodeXml, RotateCcw } from 'lucide-react';
import { Kbd } from '@/components/kbd';
import { t } from '@/lib/i18n';
import { exprOf, SCOPES, type Grant } from './matrix';

export function grantWords(grant: Grant | boolean): string {
  if (typeof grant === 'boolean') return t(grant ? 'roles.yes' : 'roles.no');
  return exprOf(grant) === undefined ? t(`scope_short.${grant as string}`) : t('scope_short.expr');
}

const mark = (on: boolean) => (on ? <Check size={14} strokeWidth={1.75} /> : <span className="blank" />);

export function ScopeMenu({ value, was, onPick, onExpr, onClose }: { value: Grant; was?: Grant; onPick: (grant: Grant) => void; onExpr: () => void; onClose: () => void }) {
  const items: MenuProps['items'] = [
    ...SCOPES.map((s, i) => ({ key: s, icon: mark(value === s), label: <span className="row between gap16"><span>{t(`scope_long.${s}`)}</span><Kbd>{i}</Kbd></span>, onClick: () => onPick(s) })),
    { type: 'divider' },
    { key: 'expr', icon: <CodeXml size={14} strokeWidth={1.75} />, label: t('scope_long.expr'), onClick: onExpr },
    ...(was !== undefined ? [{ key: 'was', icon: <RotateCcw size={14} strokeWidth={1.75} />, label: t('roles.back_to', { scope: grantWords(was) }), onClick: () => onPick(was) }] : []),
  ];
  return (
    <span className="mx-anchor" onClick={(e) => e.stopPropagation()}>
      <Dropdown open autoFocus menu={{ items }} trigger={['click']} onOpenChange={(open) => { if (!open) onClose(); }}><span className="mx-anchor" /></Dropdown>
    </span>
  );
}
