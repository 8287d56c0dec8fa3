import '@/lib/board-words';
import { useParams } from 'react-router';
import { SquareKanban } from 'lucide-react';
import { PageState } from '@/components/state';
import { t } from '@/lib/i18n';
import { pluralLabel } from '@/lib/meta';
import { NotFoundPage } from '../page/not-found';
import { TopBar } from '../page/top-bar';
import { useObject } from '../page/use-object';
import { useTitle } from '../page/use-title';
import { boardOf } from './board-meta';
import { BoardView } from './board-view';

export default function BoardPage() {
  const { plural = '' } = useParams();
  const object = useObject(plural);
  useTitle(object ? pluralLabel(object) : '');
  if (!object) return <NotFoundPage />;
  const spec = boardOf(object);
  if (!spec) return <><TopBar title={pluralLabel(object)} /><div className="sheet"><PageState icon={SquareKanban} title={t('board.none')} text={t('board.none_text')} /></div></>;
  return <BoardView key={object.object} object={object} spec={spec} />;
}
