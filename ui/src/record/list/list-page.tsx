import { useParams } from 'react-router';
import { NoRightState } from '@/components/state';
import { mayRead, pluralLabel, useCatalogue } from '@/lib/meta';
import { TopBar } from '../page/top-bar';
import { useTitle } from '../page/use-title';
import { ListView } from './list-view';

export default function ListPage() {
  const { plural = '' } = useParams();
  const object = useCatalogue().byPlural.get(plural);
  useTitle(object ? pluralLabel(object) : '');
  if (!object || !mayRead(object)) return <><TopBar title="" /><div className="sheet"><NoRightState /></div></>;
  return <ListView key={object.object} object={object} />;
}
