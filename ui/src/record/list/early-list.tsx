// The first list is asked for while the frame around it is still being drawn.
import { usePrefetchInfiniteQuery } from '@tanstack/react-query';
import { useMatch } from 'react-router';
import { mayRead, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { listOptions } from '../data/use-list';
import { fieldsParam } from '../page/columns';
import { useChosenColumns } from './use-chosen-columns';
import { askOf, useListState } from './use-list-state';

function Prefetch({ options }: { options: ReturnType<typeof listOptions> }) {
  usePrefetchInfiniteQuery(options);
  return null;
}

function Ask({ object }: { object: ObjectMeta }) {
  const state = useListState(object);
  const { columns } = useChosenColumns(object, state.view);
  const options = listOptions(object.plural, askOf(state, fieldsParam(columns)));
  return state.waiting ? null : <Prefetch options={options} />;
}

export function EarlyList() {
  const plural = useMatch('/:plural')?.params.plural ?? '';
  const object = useCatalogue().byPlural.get(plural);
  return object && mayRead(object) ? <Ask key={object.object} object={object} /> : null;
}
