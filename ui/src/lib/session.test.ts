import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { forget, meKey } from './session';

it('forgets everything of a person but that there is none', () => {
  const client = new QueryClient();
  client.setQueryData(meKey, { user: { id: '1' } });
  client.setQueryData(['list', 'things'], { pages: [] });
  client.setQueryData(['meta'], { version: 1 });
  forget(client);
  expect(client.getQueryData(meKey)).toBeNull();
  expect(client.getQueryCache().getAll().map((q) => q.queryKey)).toEqual([meKey]);
});
