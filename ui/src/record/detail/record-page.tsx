import { useNavigate, useParams } from 'react-router';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, isNoRight, NoRightState } from '@/components/state';
import { t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import { useRecord } from '../data/use-record';
import { AsOfBar, AsOfPicker, inThePast, useAsOf } from '../page/as-of';
import { NotFoundPage } from '../page/not-found';
import { recordTitle } from '../page/record-mark';
import { TopBar } from '../page/top-bar';
import { useObject } from '../page/use-object';
import { useTitle } from '../page/use-title';
import { Crumbs } from './crumbs';
import { RecordView } from './record-view';

function Loaded({ object, id }: { object: ObjectMeta; id: string }) {
  const { asOf } = useAsOf();
  const query = useRecord(object, id, asOf);
  const navigate = useNavigate();
  useTitle(query.data ? recordTitle(object, query.data) : '');
  const back = () => void navigate(`/${object.plural}`);
  if (query.isError && (isNoRight(query.error) || !query.data)) {
    return <><AsOfBar /><div className="sheet">{isNoRight(query.error) ? <NoRightState onBack={back} /> : <ErrorState error={query.error} title={t('error.record')} onRetry={() => void query.refetch()} />}</div></>;
  }
  if (!query.data) return <div className="sheet"><BlockSkeleton lines={10} /></div>;
  return <><AsOfBar /><RecordView object={inThePast(object, asOf)} record={query.data} /></>;
}

export default function RecordPage() {
  const { plural = '', id = '' } = useParams();
  const object = useObject(plural);
  if (!object) return <NotFoundPage />;
  return <><TopBar title={<Crumbs object={object} id={id} />}><AsOfPicker /></TopBar><Loaded key={id} object={object} id={id} /></>;
}
