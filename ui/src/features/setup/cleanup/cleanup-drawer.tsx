// One rule of one object: narrowed, looked at with what goes along, archived and deleted, taken back.
import { Button, Drawer, InputNumber } from 'antd';
import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { t } from '@/lib/i18n';
import { pluralLabel, useCatalogue } from '@/lib/meta';
import { formatBytes, formatNumber } from '@/lib/numbers';
import type { ObjectMeta } from '@/lib/types';
import { reason, SampleRow } from '@/record/bulk/bulk-parts';
import type { BulkResult, Preview } from '@/record/bulk/bulk-api';
import { ConditionEditor } from '@/record/expression/condition-editor';
import { useShell } from '@/record/page/shell-context';
import { JobProgress } from '../job-progress';
import { outlook, type Along, type Body, type CleanupPreview, type CleanupResult, type Rule } from './cleanup-api';
import { useCleanup, type CleanupState } from './use-cleanup';

export interface Chosen { object: ObjectMeta; rule: Rule; months: number | null }

function AlongList({ along, of }: { along: Along[]; of?: number }) {
  const { byName } = useCatalogue();
  if (!along.length) return null;
  return (
    <section className="card" aria-label={t('cleanup.along')}>
      <div className="body" style={{ paddingTop: 16 }}>
        <p><b>{of === undefined ? t('cleanup.along') : t('cleanup.along_of', { n: of })}</b></p>
        <ul className="cl-along">
          {along.map((a) => { const meta = byName.get(a.object); return <li key={a.object}><span className="cut">{meta ? pluralLabel(meta) : a.object}</span><span className="num">{formatNumber(a.records)}</span></li>; })}
        </ul>
      </div>
    </section>
  );
}

/** Each of the first 500 was tried: what can go, and what holds the others. */
function Tried({ object, preview }: { object: ObjectMeta; preview: Preview }) {
  return (
    <section className="card" aria-label={t('cleanup.look')}>
      <div className="body" style={{ paddingTop: 16 }}>
        <p><b>{t('cleanup.meant', { count: `${formatNumber(preview.count.value)}${preview.count.exact ? '' : '+'}` })}</b></p>
        <p className="cap muted">{t(preview.checked < preview.count.value ? 'cleanup.outcomes_of' : 'cleanup.outcomes', { checked: formatNumber(preview.checked), can: formatNumber(preview.change), held: formatNumber(preview.failed) })}</p>
        {preview.samples.map((s) => <SampleRow key={s.id} object={object} sample={s} />)}
      </div>
    </section>
  );
}

function Look({ object, look, most }: { object: ObjectMeta; look: CleanupPreview; most: number }) {
  const { byName } = useCatalogue();
  const lost = look.with.filter((a) => a.kept < a.records).map((a) => { const meta = byName.get(a.object); return meta ? pluralLabel(meta) : a.object; });
  return (
    <>
      {lost.length > 0 && <div className="banner warn" role="alert"><div className="grow">{t('cleanup.cannot_keep', { objects: lost.join(', ') })}</div></div>}
      <Tried object={object} preview={look.preview} />
      {look.preview.count.value > most && <p className="cap muted">{t('cleanup.first_of', { most: formatNumber(most) })}</p>}
      <AlongList along={look.with} of={look.with_of} />
    </>
  );
}

function Archived({ of }: { of: CleanupResult }) {
  if (!of.file) return <p role="status">{of.refused ? t('cleanup.all_held', { n: of.refused }) : t('cleanup.nothing')}</p>;
  return (
    <section className="card" role="status">
      <div className="body cl-file" style={{ paddingTop: 16 }}>
        <b className="grow">{t('cleanup.archived', { n: of.records + of.with.reduce((sum, a) => sum + a.records, 0) })}</b>
        <Button icon={<Download size={16} strokeWidth={1.75} aria-hidden />} href={of.file.url} download={of.file.name}>{t('cleanup.download', { size: formatBytes(of.file.size) })}</Button>
        {of.refused > 0 && <span className="cap muted">{t('cleanup.held', { n: of.refused })}</span>}
        {of.left > 0 && <span className="cap muted">{t('cleanup.left', { n: of.left })}</span>}
      </div>
    </section>
  );
}

function Deleted({ result }: { result: BulkResult }) {
  return (
    <section className="card" role="status">
      <div className="body" style={{ paddingTop: 16 }}>
        <p><b>{t('cleanup.deleted', { n: result.changed })}</b></p>
        {result.failed > 0 && <p className="cap muted">{t('cleanup.changed_since', { n: result.failed })}</p>}
        {result.errors.map((e) => <div className="cap muted" key={e.id}>{t('bulk.refused', { id: e.id, reason: reason(e.error) })}</div>)}
      </div>
    </section>
  );
}

function Work({ clean }: { clean: CleanupState }) {
  return (
    <>
      {clean.archived && <Archived of={clean.archived} />}
      {clean.step === 'archive' && <JobProgress<CleanupResult> key={clean.job} id={clean.job} words={t('cleanup.archiving')} onEnd={clean.archiveEnded} />}
      {clean.step === 'delete' && <JobProgress<BulkResult> key={clean.job} id={clean.job} words={t('cleanup.deleting')} onEnd={clean.deleteEnded} />}
      {clean.deleted?.result && <Deleted result={clean.deleted.result} />}
      {clean.step === 'done' && clean.archived && <AlongList along={clean.archived.with} />}
      {clean.undone && <p role="status">{t('cleanup.undone')}</p>}
    </>
  );
}

function Footer({ clean, ready, onLook, onStart, onClose }: { clean: CleanupState; ready: boolean; onLook: () => void; onStart: () => void; onClose: () => void }) {
  if (clean.step !== 'choose') {
    return <div className="row end">{clean.deleted?.batch && !clean.undone && <Button loading={clean.busy} onClick={clean.undo}>{t('action.undo')}</Button>}<Button type="primary" onClick={onClose}>{t('action.close')}</Button></div>;
  }
  const { n, exact } = clean.preview ? outlook(clean.preview) : { n: 0, exact: true };
  return (
    <div className="row end">
      <Button disabled={!ready} loading={clean.busy && !clean.preview} onClick={onLook}>{t('cleanup.look')}</Button>
      <Button danger disabled={n === 0} loading={clean.busy && !!clean.preview} onClick={onStart}>{n === 0 ? t('cleanup.run_none') : t(exact ? 'cleanup.run' : 'cleanup.run_most', { n })}</Button>
    </div>
  );
}

export function CleanupDrawer({ chosen, most, onClose }: { chosen: Chosen; most: number; onClose: () => void }) {
  const { object, rule } = chosen;
  const { phone } = useShell();
  const clean = useCleanup(object);
  const [months, setMonths] = useState(chosen.months);
  const [filter, setFilter] = useState('');
  const own = rule.rule === 'own';
  const body: Body = { object: object.object, rule: rule.rule, ...(months ? { months } : {}), ...(filter.trim() ? { filter } : {}) };
  const looked = useRef(false);
  useEffect(() => {
    if (looked.current || own) return;
    looked.current = true;
    void clean.look(body);
  });
  const title = `${pluralLabel(object)} · ${t(`cleanup.rule.${rule.rule}`)}`;
  const footer = <Footer clean={clean} ready={!own || !!filter.trim()} onLook={() => void clean.look(body)} onStart={() => void clean.start(body)} onClose={onClose} />;
  return (
    <Drawer open onClose={onClose} title={title} size={phone ? '100%' : 560} footer={footer} className="cl-drawer">
      {clean.problem && <div className="banner danger" role="alert"><div className="grow">{clean.problem}</div></div>}
      {clean.step === 'choose' ? (
        <>
          {months !== null && <label className="cl-age"><span>{t('cleanup.for')}</span><InputNumber min={1} max={600} precision={0} value={months} onChange={(n) => { clean.forget(); setMonths(n ?? rule.months); }} aria-label={t('cleanup.age')} /><span>{t('cleanup.months')}</span></label>}
          <ConditionEditor object={object.object} value={filter} onChange={(text) => { clean.forget(); setFilter(text); }} label={t(own ? 'cleanup.which' : 'cleanup.narrow')} fresh={own} help={t(own ? 'cleanup.which_help' : 'cleanup.narrow_help')} />
          {clean.preview && <Look object={object} look={clean.preview} most={most} />}
        </>
      ) : <Work clean={clean} />}
    </Drawer>
  );
}
