import { expect, it } from 'vitest';
import en from '@/locales/en/access.json';
import { setMessages } from '@/lib/i18n';
import { ruleWords } from './rule-words';

it('says every rule of the server in words', () => {
  setMessages('en', en);
  const names = new Map([['seller', 'Seller']]);
  expect(ruleWords('role:seller own', names)).toBe('Role Seller: their own records');
  expect(ruleWords('role:seller own', names, true)).toBe('Role Seller reaches only: their own records');
  expect(ruleWords('role:odd department_below', names)).toBe('Role odd: records of their departments and all below');
  for (const rule of ['share', 'pool', 'parent', 'link', 'self', 'system', 'no role', 'not active', 'role:seller expr', 'role:seller none', 'role:seller collaborators', 'role:seller all', 'role:seller department']) {
    expect(ruleWords(rule, names), rule).not.toMatch(/rule\.|scope\.|^role:|^share$|^pool$|^self$|^no role$/);
  }
  expect(ruleWords('something new', names)).toBe('something new');
});
