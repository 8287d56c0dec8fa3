// The object a route names. One that is not in the catalogue may have been declared a moment ago: ask once before saying no.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { mayRead, metaKey, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';

export function useObject(plural: string): ObjectMeta | undefined {
  const client = useQueryClient();
  const object = useCatalogue().byPlural.get(plural);
  const unknown = !object;
  useEffect(() => { if (unknown) void client.invalidateQueries({ queryKey: metaKey }); }, [unknown, plural, client]);
  return object && mayRead(object) ? object : undefined;
}
