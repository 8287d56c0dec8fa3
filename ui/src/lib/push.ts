// Messages while no page is open: this browser's subscription at its maker's push service, and the server's record of it.
import { get, send } from './api';

export interface Device { id: string; label: string; created_at: string; last_at: string | null; problem: string | null }
export interface Push { key: string | null; devices: Device[] }

const KEPT = 'gx.push';
const SCRIPT = '/sw.js';

export const canPush = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window && window.isSecureContext;
export const fetchPush = (signal?: AbortSignal) => get<Push>('/me/push', {}, signal);
/** The id under which the server knows this browser. */
export const thisDevice = (): string | null => { try { return localStorage.getItem(KEPT); } catch { return null; } };

function keep(id: string | null) {
  try { if (id) localStorage.setItem(KEPT, id); else localStorage.removeItem(KEPT); } catch { /* a browser that keeps nothing asks again */ }
}

const bytesOf = (key: string) => Uint8Array.from(atob(key.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));

/** "Edge · Windows", for people with several. */
export function nameOfBrowser(agent: string): string {
  const first = (pairs: [RegExp, string][]) => pairs.find(([probe]) => probe.test(agent))?.[1] ?? '';
  const browser = first([[/MicroMessenger/, 'WeChat'], [/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']]);
  const system = first([[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']]);
  return [browser, system].filter(Boolean).join(' · ');
}

async function registration(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register(SCRIPT);
  return navigator.serviceWorker.ready;
}

/** An old subscription was made for another key and cannot be used. */
async function subscribe(key: string): Promise<PushSubscription> {
  const { pushManager } = await registration();
  await (await pushManager.getSubscription())?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
}

export async function turnOn(key: string): Promise<void> {
  const { endpoint, keys } = (await subscribe(key)).toJSON();
  const { id } = await send<{ id: string }>('POST', '/me/push', { body: { endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth }, label: nameOfBrowser(navigator.userAgent) } });
  keep(id);
}

async function unsubscribe(): Promise<void> {
  const found = await navigator.serviceWorker?.getRegistration();
  await (await found?.pushManager.getSubscription())?.unsubscribe();
}

export async function turnOff(id: string): Promise<void> {
  await send('DELETE', `/me/push/${id}`);
  if (id !== thisDevice()) return;
  keep(null);
  await unsubscribe().catch(() => {});
}

/** Whoever signs out is told nothing more here. */
export async function forgetThisDevice(): Promise<void> {
  const id = thisDevice();
  if (id) await turnOff(id).catch(() => {});
  keep(null);
}

/** Another person has signed in where somebody's session had only run out: his messages must not show here. */
export async function leaveToOthers(): Promise<void> {
  const id = thisDevice();
  if (!id || (await fetchPush()).devices.some((d) => d.id === id)) return;
  keep(null);
  await unsubscribe();
}

export const tryDevice = (id: string) => send('POST', `/me/push/${id}/test`);
