// What every start asks first is asked by the page itself while the program still comes (index.html), if somebody was signed
// in on this device: the program takes the answer that is under way.
const KEY = 'gx.in';

declare global { interface Window { gxFirst?: Record<string, Promise<Response>> } }

/** The answer under way to this address, once. */
export function takeFirst(url: string): Promise<Response> | undefined {
  const asked = typeof window === 'undefined' ? undefined : window.gxFirst;
  const answer = asked?.[url];
  if (answer) delete asked![url];
  return answer;
}

export function noteSignedIn(yes: boolean): void {
  try {
    if (yes) localStorage.setItem(KEY, '1');
    else localStorage.removeItem(KEY);
  } catch { /* nothing is kept here: the program asks when it has come */ }
  if (!yes && typeof window !== 'undefined') delete window.gxFirst;
}
