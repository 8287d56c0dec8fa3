// Rules of duplicates of an object: what makes two records look like one.
import '@/lib/match-words';
import '@/styles/match.css';
import { Button } from 'antd';
import { CopyCheck, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { PageState } from '@/components/state';
import { t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import { asksDuplicates } from '@/record/data/use-duplicates';
import MatchDrawer from './match-drawer';
import { ruleFields, ruleWords } from './match-rules';

export default function MatchPart({ object, tabs }: { object: ObjectMeta; tabs: ReactNode }) {
  const [at, setAt] = useState<number | null>(null);
  const rules = object.duplicates ?? [];
  const add = <Button type="primary" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => setAt(-1)}>{t('match.new')}</Button>;
  return (
    <>
      <div className="toolbar line">{tabs}<span className="row end">{asksDuplicates(object) && <Link className="cap" to={`/${object.plural}/duplicates`}>{t('match.queue')}</Link>}{rules.length > 0 && add}</span></div>
      {rules.length === 0 && <PageState icon={CopyCheck} title={t('match.none')} text={t('match.none_text')}>{add}</PageState>}
      {rules.length > 0 && (
        <div className="pane">
          <div className="frow three hd"><span>{t('match.label')}</span><span>{t('match.compares')}</span><span>{t('match.action')}</span></div>
          {rules.map((r, i) => {
            const action = r.action ?? 'warn';
            return (
              <button type="button" key={r.name} className="frow three" onClick={() => setAt(i)}>
                <span className="cut">{ruleWords(r)}</span><span className="soft cut">{ruleFields(object, r)}</span>
                {action === 'block' ? <span className="chip line">{t('match.act_block')}</span> : <span className={action === 'off' ? 'muted' : 'soft'}>{t(`match.act_${action}`)}</span>}
              </button>
            );
          })}
        </div>
      )}
      {at !== null && <MatchDrawer key={at} object={object} at={at} onClose={() => setAt(null)} />}
    </>
  );
}
