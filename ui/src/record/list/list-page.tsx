import { useParams } from 'react-router';
import { pluralLabel } from '@/lib/meta';
import { AsOfBar, inThePast, useAsOf } from '../page/as-of';
import { NotFoundPage } from '../page/not-found';
import { useObject } from '../page/use-object';
import { useTitle } from '../page/use-title';
import { ListView } from './list-view';

export default function ListPage() {
  const { plural = '' } = useParams();
  const object = useObject(plural);
  const { asOf } = useAsOf();
  useTitle(object ? pluralLabel(object) : '');
  if (!object) return <NotFoundPage />;
  return <><AsOfBar /><ListView key={object.object} object={inThePast(object, asOf)} /></>;
}
