import { useParams } from 'react-router';
import { NoRightState } from '@/components/state';
import { pluralLabel } from '@/lib/meta';
import { AsOfBar, inThePast, useAsOf } from '../page/as-of';
import { TopBar } from '../page/top-bar';
import { useObject } from '../page/use-object';
import { useTitle } from '../page/use-title';
import { ListView } from './list-view';

export default function ListPage() {
  const { plural = '' } = useParams();
  const object = useObject(plural);
  const { asOf } = useAsOf();
  useTitle(object ? pluralLabel(object) : '');
  if (!object) return <><TopBar title="" /><div className="sheet"><NoRightState /></div></>;
  return <><AsOfBar /><ListView key={object.object} object={inThePast(object, asOf)} /></>;
}
