// Choice lists of the organisation, all of them: the catalogue carries only those that a field uses.
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { useCatalogue } from '@/lib/meta';
import { getLists } from './api';

const key = ['meta-lists'];

/** Read again whenever the catalogue has another version. */
export function useLists() {
  const { meta } = useCatalogue();
  return useQuery({ queryKey: [...key, meta.version], queryFn: async () => (await getLists()).items, staleTime: Infinity });
}
export const reloadLists = (client: QueryClient) => client.invalidateQueries({ queryKey: key });
