// "Looks like 3 existing": which, how alike and by what. At the lower edge, so that nothing jumps while one types.
import '@/lib/duplicate-words';
import '@/styles/duplicate.css';
import { CopyCheck } from 'lucide-react';
import { useState } from 'react';
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

export default function DuplicateStrip({ object, values, changed, id }: { object: ObjectMeta; values: Record<string, unknown>; changed: string[]; id?: string }) {
  const answer = useDuplicates(object, comparedValues(object, values, changed, id), id);
  const [all, setAll] = useState(false);
  const items = answer?.items ?? [];
  if (!items.length) return null;
  const shown = all ? items : items.slice(0, SHOWN);
  return (
    <div className="banner warn duplicate-strip" role="status">
      <CopyCheck size={16} strokeWidth={1.75} aria-hidden />
      <div className="grow">
        {t(answer?.blocked ? 'duplicate.blocked' : 'duplicate.like', { n: items.length })}
        <ul className="duplicate-hits">{shown.map((hit, i) => <Hit key={hit.id ?? `h${i}`} object={object} hit={hit} />)}</ul>
        {items.length > shown.length && <button type="button" className="link-button" onClick={() => setAll(true)}>{t('duplicate.more', { n: items.length - shown.length })}</button>}
      </div>
    </div>
  );
}
