import { describe, expect, it } from 'vitest';
import { isKeepable } from './keepable';
import { isDoubtful, KEY_LIFE_MS, type Unsent } from './unsent';

describe('what a device keeps', () => {
  it.each(['/api/v1/me', '/api/v1/meta', '/api/v1/me/home', '/api/v1/accounts?limit=50', '/api/v1/accounts/12', '/api/v1/accounts/12/timeline?kind=', '/api/v1/accounts/12/related/contacts'])('is %s', (url) => expect(isKeepable(url)).toBe(true));
  it.each(['/api/v1/me/messages', '/api/v1/me/push', '/api/v1/session', '/api/v1/jobs/3', '/api/v1/files/7', '/api/v1/search?q=a', '/api/v1/meta/roles', '/api/v1/accounts/duplicates', '/api/v1/backups', '/metrics', 'https://elsewhere.example/api/v1/accounts'])('is not %s', (url) => expect(isKeepable(url)).toBe(false));
});

describe('an unsent follow-up', () => {
  const entry = (tried: number | null) => ({ tried }) as Unsent;
  it('may have arrived only when it was tried, and is in doubt only when the server no longer knows its key', () => {
    expect(isDoubtful(entry(null), 9e15)).toBe(false);
    expect(isDoubtful(entry(0), KEY_LIFE_MS)).toBe(false);
    expect(isDoubtful(entry(0), KEY_LIFE_MS + 1)).toBe(true);
  });
});
