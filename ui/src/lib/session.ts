// Who is signed in. 401 is an answer here, not an error: it means the sign-in page.
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { ApiProblem, get, send, setCsrf } from './api';
import { noteSignedIn } from './first';
import { forgetKept } from './offline/keeper';
import { forgetThisDevice, leaveToOthers } from './push';
import { setRegion } from './region';
import type { Me } from './types';

export const meKey = ['me'];

async function fetchMe(): Promise<Me | null> {
  try {
    const me = await get<Me>('/me');
    setCsrf(me.csrf_token);
    noteSignedIn(true);
    setRegion({ timeZone: me.user.time_zone || me.organisation.time_zone || 'Asia/Shanghai', currency: me.organisation.currency || 'CNY' });
    return me;
  } catch (e) {
    if (e instanceof ApiProblem && e.status === 401) { noteSignedIn(false); return null; }
    throw e;
  }
}

export const useMe = () => useQuery({ queryKey: meKey, queryFn: fetchMe, staleTime: 5 * 60_000 });

export async function signIn(login: string, password: string) {
  const answer = await send<{ csrf_token?: string }>('POST', '/session', { body: { login, password } });
  if (answer?.csrf_token) setCsrf(answer.csrf_token);
  void leaveToOthers().catch(() => {});
}

/** Nothing of one person's data may be left for the next; the answer to "who am I" stays, as nobody. */
export function forget(client: QueryClient) {
  void forgetKept();
  noteSignedIn(false);
  client.setQueryData(meKey, null);
  client.removeQueries({ predicate: (q) => q.queryKey[0] !== meKey[0] });
}

export async function signOut(client: QueryClient) {
  await forgetThisDevice();
  await send('DELETE', '/session').catch(() => null);
  setCsrf('');
  forget(client);
}

/** From here on every answer is that person's, and nothing can be changed. All that is known here is of somebody else: the page begins anew. */
export async function viewAs(user: string) {
  await send('POST', '/session/view-as', { body: { user } });
  location.assign('/');
}

export async function endViewAs() {
  await send('DELETE', '/session/view-as');
  location.assign('/');
}

/** The person's own record carries the language for mails and errors; a refusal leaves the device's choice in force. */
export const saveLanguage = (language: string) => send('PATCH', '/me', { body: { language } }).catch(() => null);
