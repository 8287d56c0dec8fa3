// Records opened lately, to go on where one was.
import { Link } from 'react-router';
import { RecordMark } from '@/record/page/record-mark';
import { ago } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { objectLabel, titleField, useCatalogue } from '@/lib/meta';
import type { HomeAnswer } from './api';

export function Recent({ home }: { home: HomeAnswer }) {
  const { byName } = useCatalogue();
  const shown = (home.recent ?? []).flatMap((mark) => { const object = byName.get(mark.object); return object ? [{ mark, object }] : []; });
  if (!shown.length) return null;
  return (
    <section className={home.cards.ranking ? 'card c7' : 'card c12'} aria-label={t('home.recent')}>
      <header><h3>{t('home.recent')}</h3></header>
      <div className="recent">
        {shown.map(({ mark, object }) => (
          <Link key={`${mark.object}/${mark.id}`} className="recent-one" to={`/${object.plural}/${mark.id}`}>
            <RecordMark object={object} record={{ id: mark.id, version: 0, [titleField(object)]: mark.title }} size={24} />
            <span className="cut ink">{mark.title}</span><span className="muted cap nw">{objectLabel(object)}</span><span className="muted cap nw num">{ago(mark.at)}</span>
          </Link>
        ))}
      </div>
    </section>
  );
}
