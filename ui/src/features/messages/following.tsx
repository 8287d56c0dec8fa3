// The records one follows, newest first; following ends here as well.
import { BellRing } from 'lucide-react';
import { Link } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { PageState } from '@/components/state';
import { t } from '@/lib/i18n';
import { objectLabel, titleField, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { useMark, useMarks, type Mark } from '@/record/data/use-marks';

function One({ object, mark, onOpen }: { object: ObjectMeta; mark: Mark; onOpen: () => void }) {
  const { on, toggle } = useMark(object, { id: mark.id, [titleField(object)]: mark.title } as unknown as Rec, 'follow');
  return (
    <li className="ms-row"><div className="grow"><Link className="cut ms-head" to={`/${object.plural}/${mark.id}`} onClick={onOpen}>{mark.title || `#${mark.id}`}</Link><div className="cap muted">{objectLabel(object)}</div></div>
      <IconButton icon={BellRing} on={on} label={t('mark.unfollow')} onClick={() => void toggle()} /></li>
  );
}

export function Following({ onOpen }: { onOpen: () => void }) {
  const { byName } = useCatalogue();
  const shown = useMarks().follow.flatMap((mark) => { const object = byName.get(mark.object); return object ? [{ mark, object }] : []; });
  if (!shown.length) return <PageState icon={BellRing} title={t('messages.follow_none')} text={t('messages.follow_none_text')} />;
  return <ul className="ms-list">{shown.map(({ mark, object }) => <One key={`${mark.object} ${mark.id}`} object={object} mark={mark} onOpen={onOpen} />)}</ul>;
}
