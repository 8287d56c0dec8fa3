// What was changed of the catalogue, to be taken back, and what was removed, to be brought back.
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { failureText } from '@/components/state';
import { formatInstant } from '@/lib/dates';
import { hasMessage, label, t } from '@/lib/i18n';
import { bringBackField, bringBackObject, getBin, getChanges, revertChange, type CatalogueChange } from './api';
import { useSubmit } from './use-submit';

const actionText = (action: string) => (hasMessage(`change.${action}`) ? t(`change.${action}`) : action);

function Change({ of, busy, onRevert }: { of: CatalogueChange; busy: boolean; onRevert: () => void }) {
  const what = [of.object, of.name].filter(Boolean).join('.');
  return (
    <div className="row between line">
      <div className="grow cut"><div className="cut">{actionText(of.action)} <code>{what}</code></div><div className="muted cap cut">{of.by?.title ?? t('setup.by_system')} · {formatInstant(of.at)}</div></div>
      {of.reverted_by ? <span className="muted cap">{t('setup.reverted')}</span> : <Button size="small" disabled={busy} onClick={onRevert}>{t('setup.revert')}</Button>}
    </div>
  );
}

export default function HistoryDrawer({ onClose }: { onClose: () => void }) {
  const changes = useQuery({ queryKey: ['meta-changes'], queryFn: getChanges });
  const bin = useQuery({ queryKey: ['meta-bin'], queryFn: getBin });
  const { busy, failure, errors, submit } = useSubmit(() => { void changes.refetch(); void bin.refetch(); });
  const wrong = [failure, ...errors.map((e) => `${e.field}: ${e.message}`), changes.error ? failureText(changes.error) : ''].filter(Boolean);
  const removed = [
    ...(bin.data?.objects ?? []).map((o) => ({ id: o.object, words: label(o.label ?? undefined, o.object), back: () => bringBackObject(o.object) })),
    ...(bin.data?.fields ?? []).map((f) => ({ id: `${f.object}.${f.key}`, words: label(f.label ?? undefined, f.field), back: () => bringBackField(f.object, f.key) })),
  ];
  return (
    <Drawer open onClose={onClose} size={480} title={t('setup.history')}>
      {wrong.map((text) => <div key={text} className="banner danger" role="alert"><div className="grow">{text}</div></div>)}
      {removed.length > 0 && <div className="group">{t('setup.bin')}</div>}
      {removed.map((r) => <div key={r.id} className="row between line"><span className="cut">{r.words} <code>{r.id}</code></span><Button size="small" disabled={busy} onClick={() => void submit(r.back, t('setup.brought_back', { name: r.words }))}>{t('setup.bring_back')}</Button></div>)}
      <div className="group">{t('setup.changes')}</div>
      {changes.data?.items.map((c) => <Change key={c.id} of={c} busy={busy} onRevert={() => void submit(() => revertChange(c.id), t('setup.reverted'))} />)}
    </Drawer>
  );
}
