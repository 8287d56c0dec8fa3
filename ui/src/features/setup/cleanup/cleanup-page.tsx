// Clean-up: choose an object, see how many records each rule finds, look at one, archive and delete.
import '@/lib/cleanup-words';
import '@/styles/cleanup.css';
import { Button, InputNumber, Select } from 'antd';
import { Brush } from 'lucide-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { listUrl } from '@/features/home/links';
import { fullInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { pluralLabel, useCatalogue } from '@/lib/meta';
import { formatBytes, formatNumber } from '@/lib/numbers';
import type { LinkValue, ObjectMeta, Rec } from '@/lib/types';
import { SettingsFrame } from '../settings-frame';
import { filterAt, useRuleCount, useRules, type Rule, type Rules } from './cleanup-api';
import { CleanupDrawer, type Chosen } from './cleanup-drawer';

const OWN: Rule = { rule: 'own', months: null, filter: '' };

function Found({ object, filter }: { object: ObjectMeta; filter: string }) {
  const { data, isError } = useRuleCount(object, filter);
  if (!data?.count) return <span className="num muted">{isError ? '–' : '…'}</span>;
  const { value, exact } = data.count;
  const text = exact ? formatNumber(value) : `${formatNumber(value)}+`;
  return value ? <Link className="num" to={listUrl(object.plural, filter)} aria-label={t('cleanup.list', { count: text })}>{text}</Link> : <span className="num muted">0</span>;
}

function RuleRow({ object, rule, onChoose }: { object: ObjectMeta; rule: Rule; onChoose: (chosen: Chosen) => void }) {
  const [months, setMonths] = useState(rule.months);
  const own = rule.rule === 'own';
  return (
    <div className={own ? 'srow cleanup plain' : 'srow cleanup'}>
      <span className="cl-what"><span className="cut">{t(`cleanup.rule.${rule.rule}`)}</span><span className="cap muted">{t(`cleanup.about.${rule.rule}`)}</span></span>
      {months === null ? <span /> : <label className="cl-age"><span className="cap muted">{t('cleanup.for')}</span><InputNumber size="small" min={1} max={600} precision={0} value={months} onChange={(n) => setMonths(n ?? rule.months)} aria-label={t('cleanup.months_of', { rule: t(`cleanup.rule.${rule.rule}`) })} /><span className="cap muted">{t('cleanup.months')}</span></label>}
      {own ? <span /> : <Found object={object} filter={filterAt(rule, months)} />}
      <Button size="small" onClick={() => onChoose({ object, rule, months })}>{t(own ? 'cleanup.write' : 'cleanup.look')}</Button>
    </div>
  );
}

function Elsewhere({ object, logs }: { object: ObjectMeta; logs: Rules['logs'] }) {
  return (
    <>
      {(object.duplicates?.length ?? 0) > 0 && (
        <div className="srow cleanup plain"><span className="cl-what"><span>{t('cleanup.rule.duplicate')}</span><span className="cap muted">{t('cleanup.about.duplicate')}</span></span><span /><span /><Link to={`/${object.plural}/duplicates`}>{t('cleanup.open')}</Link></div>
      )}
      <div className="srow hd cl-logs">{t('cleanup.logs')}</div>
      {logs.map((l) => <div key={l.what} className="srow cl-log"><span>{t(`cleanup.log.${l.what}`)}</span><span className="muted">{t('cleanup.after', { n: l.days })}</span></div>)}
      <p className="cap muted cl-note">{t('cleanup.logs_note')}</p>
    </>
  );
}

/** What former clean-ups left: to be fetched at any time. */
function Archives({ items }: { items: Rec[] }) {
  if (!items.length) return null;
  return (
    <>
      <div className="srow hd cl-logs">{t('cleanup.archives')}</div>
      {items.map((f) => (
        <div key={f.id} className="srow cl-archive">
          <a className="cut" href={`/api/v1/files/${f.id}`} download={String(f.name)}>{String(f.name)}</a>
          <span className="cap muted num">{formatBytes(Number(f.size))}</span>
          <span className="cap muted">{(f.created_by as LinkValue | null)?.title ?? ''}</span>
          <span className="cap muted">{fullInstant(String(f.created_at))}</span>
        </div>
      ))}
    </>
  );
}

function Body({ rules }: { rules: Rules }) {
  const { byName } = useCatalogue();
  const [params, setParams] = useSearchParams();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const objects = rules.objects.filter((o) => byName.has(o.object));
  const at = objects.find((o) => o.object === params.get('object')) ?? objects.find((o) => o.object === 'lead') ?? objects[0];
  const object = at && byName.get(at.object);
  if (!object) return <PageState icon={Brush} title={t('cleanup.none')} text={t('cleanup.none_text')} />;
  return (
    <div className="srows">
      <div className="cl-bar">
        <Select value={object.object} onChange={(name: string) => setParams({ object: name }, { replace: true })} showSearch={{ optionFilterProp: 'label' }} aria-label={t('cleanup.object')} options={objects.map((o) => ({ value: o.object, label: pluralLabel(byName.get(o.object)!) }))} />
        <span className="cap muted grow">{t('cleanup.intro', { most: formatNumber(rules.most) })}</span>
      </div>
      <div className="srow hd cleanup" aria-hidden><span>{t('cleanup.rule')}</span><span /><span className="num">{t('cleanup.found')}</span><span /></div>
      {[...at.rules, OWN].map((rule) => <RuleRow key={`${object.object} ${rule.rule}`} object={object} rule={rule} onChoose={setChosen} />)}
      <Elsewhere object={object} logs={rules.logs} />
      <Archives items={rules.archives.items} />
      {chosen && <CleanupDrawer chosen={chosen} most={rules.most} onClose={() => setChosen(null)} />}
    </div>
  );
}

export default function CleanupPage() {
  const query = useRules();
  return (
    <SettingsFrame name={t('places.cleanup')} title={t('places.cleanup')}>
      {query.isPending && <TableSkeleton columns={4} />}
      {query.isError && <ErrorState error={query.error} title={t('cleanup.error')} onRetry={() => void query.refetch()} />}
      {query.isSuccess && <Body rules={query.data} />}
    </SettingsFrame>
  );
}
