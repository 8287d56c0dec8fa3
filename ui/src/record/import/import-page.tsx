import '@/lib/import-words';
import { useParams } from 'react-router';
import { NoRightState } from '@/components/state';
import { inSentence, plural as many, t } from '@/lib/i18n';
import { mayImport, objectLabel, pluralLabel } from '@/lib/meta';
import { ChevronRight } from 'lucide-react';
import { Link, useNavigate } from 'react-router';
import { NotFoundPage } from '../page/not-found';
import { TopBar } from '../page/top-bar';
import { useObject } from '../page/use-object';
import { useTitle } from '../page/use-title';
import { ImportView } from './import-view';

export default function ImportPage() {
  const { plural = '' } = useParams();
  const navigate = useNavigate();
  const object = useObject(plural);
  const title = object ? t('action.import_objects', { objects: many(inSentence(objectLabel(object))) }) : '';
  useTitle(title);
  if (!object) return <NotFoundPage />;
  if (!mayImport(object)) return <><TopBar title="" /><div className="sheet"><NoRightState onBack={() => void navigate(`/${plural}`)} /></div></>;
  return (
    <>
      <TopBar title={<><span className="crumb"><Link to={`/${plural}`}>{pluralLabel(object)}</Link><ChevronRight size={14} strokeWidth={1.75} aria-hidden /></span>{title}</>} />
      <div className="pane"><ImportView key={object.object} object={object} /></div>
    </>
  );
}
