// Tasks to clean up what a figure counts: one for each owner of its records, or one for a chosen person.
import { Button, Popover, Segmented } from 'antd';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { LinkInput } from '@/fields/link/link-input';
import { t } from '@/lib/i18n';
import { hasTrait } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import { PERSON } from '@/lib/principals';
import type { FieldMeta, LinkValue, ObjectMeta } from '@/lib/types';
import { assignTasks } from './quality-api';

const WHO: FieldMeta = { name: 'owner', type: 'link', to: PERSON, required: true, fixed: true };

function Choice({ object, n, filter, onDone }: { object: ObjectMeta; n: number; filter: string; onDone: () => void }) {
  const owned = hasTrait(object, 'owned');
  const [to, setTo] = useState<'owners' | 'person'>(owned ? 'owners' : 'person');
  const [who, setWho] = useState<LinkValue | null>(null);
  const [busy, setBusy] = useState(false);
  const assign = async () => {
    setBusy(true);
    try {
      const made = await assignTasks(object.object, filter, to === 'person' ? who?.id : undefined);
      showToast(t('quality.assigned', { tasks: formatNumber(made.tasks), n: formatNumber(made.records) }));
      onDone();
    } catch (e) { showFailure(failureText(e)); }
    setBusy(false);
  };
  return (
    <div className="q-assign">
      {owned && <Segmented block size="small" value={to} onChange={(v) => setTo(v as typeof to)} options={[{ value: 'owners', label: t('quality.to_owners') }, { value: 'person', label: t('quality.to_person') }]} />}
      {to === 'person' && <div className="ff"><label htmlFor="quality-who">{t('quality.person')}</label><LinkInput id="quality-who" field={WHO} value={who} onChange={(v) => setWho(v as LinkValue | null)} /></div>}
      <p className="cap muted">{t(to === 'owners' ? 'quality.assign_sure' : 'quality.assign_one', { n: formatNumber(n) })}</p>
      <div className="row end"><Button type="primary" size="small" loading={busy} disabled={to === 'person' && !who} onClick={() => void assign()}>{t('quality.assign')}</Button></div>
    </div>
  );
}

export function AssignTasks({ object, n, filter }: { object: ObjectMeta; n: number; filter: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomRight" destroyOnHidden classNames={{ root: 'q-assign-pop' }} content={<Choice object={object} n={n} filter={filter} onDone={() => setOpen(false)} />}>
      <Button size="small" type="text">{t('quality.assign')}</Button>
    </Popover>
  );
}
