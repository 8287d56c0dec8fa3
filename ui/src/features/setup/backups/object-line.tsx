// The records of one object out of a checked backup: counted first, brought back when a person says so, taken back as one.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, objectLabel, useCatalogue } from '@/lib/meta';
import type { Job, Meta } from '@/lib/types';
import { JobProgress, jobProblem } from '../job-progress';
import { useTakeBack } from './use-take-back';

interface Counts { records: number; missing: number; changed: number; equal: number; newer: number; failed: number; lost_links: number; lost_files: number; lost_secrets: number }
interface Told { object: string; id: string }
interface Back extends Counts {
  dry_run: boolean; set_back: boolean;
  objects: ({ object: string; left: string[] } & Counts)[];
  samples: (Told & { title: string; missing: boolean; fields: string[] })[];
  errors: (Told & { field: string; message: string })[];
}
export interface Choice { id: string; label: string }

const SHOWN = 5;
const COUNTED = ['missing', 'changed', 'equal', 'newer', 'failed', 'lost_links', 'lost_files', 'lost_secrets'] as const;
const ALWAYS = new Set<string>(['missing', 'changed', 'equal']);

const counts = (of: Back) => COUNTED.filter((name) => ALWAYS.has(name) || of[name] > 0)
  .map((name) => t(name === 'changed' && !of.set_back ? 'backups.object_stay' : `backups.object_${name}`, { n: of[name].toLocaleString() })).join(' · ');
const nameOf = (meta: Meta, name: string) => { const o = meta.objects.find((x) => x.object === name); return o ? objectLabel(o) : name; };
const fieldNames = (meta: Meta, name: string, fields: string[]) => {
  const o = meta.objects.find((x) => x.object === name);
  return fields.map((f) => fieldLabel((o && fieldOf(o, f)) ?? { name: f, type: '' })).join(t('list.separator'));
};

function Seen({ of, meta }: { of: Back; meta: Meta }) {
  const left = of.objects.filter((o) => o.left.length);
  return (
    <div className="bring-seen" role="status">
      <div className="cap soft">{t(of.dry_run ? 'backups.object_would' : 'backups.object_done')}{counts(of)}</div>
      <ul className="bring-errors cap">
        {of.samples.slice(0, SHOWN).map((s) => <li key={`${s.object}:${s.id}`}>{nameOf(meta, s.object)} {s.title || s.id}: {s.missing ? t('backups.object_is_missing') : t('backups.object_differs', { fields: fieldNames(meta, s.object, s.fields) })}</li>)}
        {left.map((o) => <li key={o.object}>{t('backups.object_left', { object: nameOf(meta, o.object), fields: fieldNames(meta, o.object, o.left) })}</li>)}
        {of.errors.slice(0, SHOWN).map((e) => <li key={`e:${e.object}:${e.id}`} className="bad">{nameOf(meta, e.object)} {e.id}: {fieldNames(meta, e.object, e.field ? [e.field] : [])} {e.message}</li>)}
      </ul>
    </div>
  );
}

export function ObjectLine({ of, busy }: { of: Choice[]; busy: boolean }) {
  const { meta } = useCatalogue();
  const client = useQueryClient();
  const [backup, setBackup] = useState(of[0]?.id ?? '');
  const [object, setObject] = useState('');
  const [setsBack, setSetsBack] = useState(false);
  const [job, setJob] = useState('');
  const [seen, setSeen] = useState<Back | null>(null);
  const [batch, setBatch] = useState('');
  const undo = useTakeBack(batch, { running: t('backups.object_undo'), done: t('backups.taken_back') }, () => { setBatch(''); setSeen(null); });
  const other = <T,>(set: (v: T) => void) => (v: T) => { set(v); setSeen(null); setBatch(''); };
  const run = async (dry: boolean) => {
    try { setJob((await send<{ id: string }>('POST', `/backups/${backup}/restore`, { body: { object, set_back: setsBack, dry_run: dry } })).id); } catch (e) { showFailure(failureText(e)); }
  };
  const ended = (done: Job<Back>) => {
    setJob('');
    if (done.status !== 'done' || !done.result) { showFailure(jobProblem(done)); return; }
    setSeen(done.result);
    if (done.result.dry_run) return;
    setBatch(done.batch ?? '');
    void client.invalidateQueries();
  };
  const waits = busy || !!job || undo.busy;
  const would = !!seen?.dry_run && (seen.missing > 0 || (seen.set_back && seen.changed > 0));
  const objects = meta.objects.filter((o) => o.object !== 'user').map((o) => ({ value: o.object, label: objectLabel(o) }));
  return (
    <>
      <div className="backup-archive object">
        <div className="grow"><div>{t('backups.object')}</div><div className="cap muted">{t('backups.object_text')}</div></div>
        <Select value={backup} onChange={other(setBackup)} disabled={waits} className="find" aria-label={t('backups.object_backup')} options={of.map((b) => ({ value: b.id, label: b.label }))} />
        <Select value={object || undefined} onChange={other(setObject)} disabled={waits} className="find" placeholder={t('backups.object_object')} aria-label={t('backups.object_object')} showSearch={{ optionFilterProp: 'label' }} options={objects} />
        <Checkbox checked={setsBack} disabled={waits} onChange={(e) => other(setSetsBack)(e.target.checked)}>{t('backups.object_set_back')}</Checkbox>
        <Button disabled={waits || !object} onClick={() => void run(true)}>{t('backups.object_count')}</Button>
        {would && <Button type="primary" disabled={waits} onClick={() => void run(false)}>{t('backups.object_start')}</Button>}
        {batch && <Button disabled={waits} onClick={undo.start}>{t('backups.object_undo')}</Button>}
        {seen && <Seen of={seen} meta={meta} />}
      </div>
      {job && <JobProgress<Back> id={job} words={t('backups.object_running')} onEnd={ended} />}
      {undo.line}
    </>
  );
}
