// What a role may do with the organisation as a whole.
import { Switch } from 'antd';
import { hasMessage, t } from '@/lib/i18n';
import type { RoleDraft } from './use-role-draft';

const KNOWN = ['customise', 'manage_roles', 'manage_users', 'manage_views', 'hand_over', 'import_history', 'see_jobs', 'manage_jobs', 'api_keys', 'view_as', 'audit', 'backup'];

export function SystemRights({ draft, fixed }: { draft: RoleDraft; fixed: boolean }) {
  const has = draft.draft.system;
  const all = [...KNOWN, ...has.filter((r) => !KNOWN.includes(r))];
  const toggle = (right: string, on: boolean) => draft.setSystem(on ? [...has, right] : has.filter((r) => r !== right));
  return (
    <ul className="sys-list">
      {all.map((r) => {
        const changed = has.includes(r) !== draft.base.system.includes(r);
        const known = hasMessage(`system.${r}`);
        return (
          <li key={r} className={changed ? 'act-row changed' : 'act-row'}>
            <div className="grow"><div>{known ? t(`system.${r}`) : <code>{r}</code>}</div><div className="muted cap">{known ? t(`system.${r}.text`) : t('system.unknown')}</div></div>
            <Switch size="small" checked={has.includes(r)} disabled={fixed} onChange={(on) => toggle(r, on)} aria-label={known ? t(`system.${r}`) : r} />
          </li>
        );
      })}
    </ul>
  );
}
