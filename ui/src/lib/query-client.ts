import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api';

/** Refusals are final; what the network or a busy server dropped is tried twice more, but for a device that knows it has no network. */
const mayRetry = (count: number, error: unknown): boolean =>
  count < 2 && error instanceof ApiProblem && ((error.status === 0 && navigator.onLine) || error.status === 503 || error.status === 429);

export const makeQueryClient = () => new QueryClient({
  defaultOptions: { queries: { networkMode: 'always', retry: mayRetry, staleTime: 10_000, refetchOnWindowFocus: false }, mutations: { networkMode: 'always', retry: false } },
});
