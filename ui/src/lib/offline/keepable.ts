// Which answers are kept on the device: what is read of records, oneself and the catalogue; nothing that moves by itself or leaves the house.
const NEVER = new Set(['access-log', 'api-keys', 'backups', 'batches', 'cleanup', 'doctor', 'events', 'export', 'exports', 'files', 'healthz', 'jobs', 'limits', 'move', 'quality', 'readyz', 'search', 'session']);
const OF_ME = new Set(['/me', '/me/home', '/me/marks', '/meta']);

export function isKeepable(url: string): boolean {
  const path = /^\/api\/v1(\/[^?]*)/.exec(url)?.[1];
  if (!path) return false;
  if (OF_ME.has(path)) return true;
  const [first, second] = path.slice(1).split('/');
  return !NEVER.has(first!) && first !== 'me' && first !== 'meta' && (second === undefined || /^\d+$/.test(second));
}
