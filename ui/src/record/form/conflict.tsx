// Two people changed the same fields: both values side by side, one choice each, nothing lost.
import { Avatar } from '@/components/avatar';
import { Button } from 'antd';
import { useState } from 'react';
import { fieldText } from '@/fields/fields';
import { linkOf, linkTitle } from '@/fields/link/link';
import { ago } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import type { Values } from '../data/save';
import type { Conflict } from './use-form';

interface Props { object: ObjectMeta; conflict: Conflict; busy: boolean; onResolve: (chosen: Values) => void }
type Side = 'mine' | 'theirs';

const Option = ({ field, value, who, on, onPick }: { field: FieldMeta; value: unknown; who: string; on: boolean; onPick: () => void }) => (
  <button type="button" role="radio" aria-checked={on} className={on ? 'opt on' : 'opt'} onClick={onPick}><span className="grow">{fieldText(field, value) || t('value.empty')}</span><span className="who">{who}</span></button>
);

export function ConflictView({ object, conflict, busy, onResolve }: Props) {
  const { current, clashes } = conflict;
  const [sides, setSides] = useState<Record<string, Side>>({});
  const who = linkTitle(linkOf(current.updated_by)) || t('conflict.someone');
  const sideOf = (name: string): Side => sides[name] ?? 'mine';
  const chosen = (forced?: Side) => Object.fromEntries(clashes.map((c) => [c.field, (forced ?? sideOf(c.field)) === 'mine' ? c.mine : c.theirs]));
  return (
    <section className="conflict" aria-label={t('conflict.title')} role="alertdialog">
      <div className="row" style={{ marginBottom: 16 }}><Avatar name={who} seed={linkOf(current.updated_by)?.id} size={24} /><span><b>{who}</b> {t('conflict.text', { when: typeof current.updated_at === 'string' ? ago(current.updated_at) : '' })}</span></div>
      {clashes.map((c) => {
        const field = fieldOf(object, c.field);
        if (!field) return null;
        return (
          <div className="clash" key={c.field} role="radiogroup" aria-label={fieldLabel(field)}>
            <span className="k soft">{fieldLabel(field)}</span>
            <Option field={field} value={c.mine} who={t('conflict.mine')} on={sideOf(c.field) === 'mine'} onPick={() => setSides({ ...sides, [c.field]: 'mine' })} />
            <Option field={field} value={c.theirs} who={who} on={sideOf(c.field) === 'theirs'} onPick={() => setSides({ ...sides, [c.field]: 'theirs' })} />
          </div>
        );
      })}
      <p className="muted cap">{t('conflict.hint')}</p>
      <div className="row" style={{ justifyContent: 'flex-end', marginTop: 16 }}>
        <Button onClick={() => onResolve(chosen('mine'))} disabled={busy}>{t('conflict.all_mine')}</Button>
        <Button type="primary" loading={busy} onClick={() => onResolve(chosen())}>{t('conflict.merge')}</Button>
      </div>
    </section>
  );
}
