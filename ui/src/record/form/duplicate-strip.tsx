// "Looks like 3 existing": which, how alike and by what. At the lower edge, so that nothing jumps while one types.
import '@/lib/duplicate-words';
import '@/styles/duplicate.css';
import { Input } from 'antd';
import { CopyCheck } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, objectLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { comparedValues, useDuplicates, type DuplicateHit } from '../data/use-duplicates';

const SHOWN = 3;

function Hit({ object, hit }: { object: ObjectMeta; hit: DuplicateHit }) {
  const { byName } = useCatalogue();
  const other = byName.get(hit.object);
  const because = hit.because.map((n) => fieldLabel(fieldOf(object, n) ?? { name: n, type: '' })).join(t('list.separator'));
  const facts = [other && other.object !== object.object ? objectLabel(other) : '', t('duplicate.score', { n: Math.round(hit.score * 100) }), because, hit.owner ? t('duplicate.owner', { name: hit.owner.title }) : '']
    .filter(Boolean).join(' · ');
  return (
    <li>
      {hit.id && other ? <a href={`/${other.plural}/${hit.id}`} target="_blank" rel="noreferrer">{hit.title}</a> : <span>{t('duplicate.hidden', { title: hit.title })}</span>}
      <span className="duplicate-facts"> {facts}</span>
    </li>
  );
}

/** Who may save in spite of the rule says why; it is logged. */
function InSpite({ value, onChange }: { value: string; onChange: (why: string) => void }) {
  const id = useId();
  return (
    <div className="duplicate-in-spite">
      <label htmlFor={id}>{t('duplicate.in_spite')}</label>
      <Input id={id} size="small" value={value} maxLength={200} placeholder={t('duplicate.in_spite_why')} onChange={(e) => onChange(e.target.value)} />
    </div>
  );
}

interface Props { object: ObjectMeta; values: Record<string, unknown>; changed: string[]; id?: string; inSpite: string; onInSpite: (why: string) => void }

export default function DuplicateStrip({ object, values, changed, id, inSpite, onInSpite }: Props) {
  const answer = useDuplicates(object, comparedValues(object, values, changed, id), id);
  const [all, setAll] = useState(false);
  const items = answer?.items ?? [];
  const asks = !!answer?.blocked && answer.may_override;
  useEffect(() => { if (!asks) onInSpite(''); }, [asks, onInSpite]);
  if (!items.length) return null;
  const shown = all ? items : items.slice(0, SHOWN);
  return (
    <div className="banner warn duplicate-strip" role="status">
      <CopyCheck size={16} strokeWidth={1.75} aria-hidden />
      <div className="grow">
        {t(answer?.blocked ? 'duplicate.blocked' : 'duplicate.like', { n: items.length })}
        <ul className="duplicate-hits">{shown.map((hit, i) => <Hit key={hit.id ?? `h${i}`} object={object} hit={hit} />)}</ul>
        {items.length > shown.length && <button type="button" className="link-button" onClick={() => setAll(true)}>{t('duplicate.more', { n: items.length - shown.length })}</button>}
        {asks && <InSpite value={inSpite} onChange={onInSpite} />}
      </div>
    </div>
  );
}
