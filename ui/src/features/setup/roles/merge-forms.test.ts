import { expect, it } from 'vitest';
import { bodyOf, type RoleForm } from './matrix';
import { mergeForms } from './merge-forms';

const from: RoleForm = { objects: { account: { read: 'own', update: 'own', fields: { phone: 'masked' } }, lead: { read: 'all' } }, system: ['audit', 'manage_views'] };

it('lays nothing over what is there', () => {
  expect(mergeForms({}, from)).toEqual({ draft: from, both: [] });
});

it('takes mine where only I changed, theirs where only they did', () => {
  const kept = { from, objects: { account: { read: 'all' as const, update: 'own' as const, fields: { phone: 'masked' as const } } } };
  const now: RoleForm = { objects: { account: { read: 'own', update: 'department', fields: { phone: 'hidden' } }, lead: { read: 'own' } }, system: [] };
  expect(mergeForms(kept, now)).toEqual({ draft: { objects: { account: { read: 'all', update: 'department', fields: { phone: 'hidden' } }, lead: { read: 'own' } }, system: [] }, both: [] });
  expect(bodyOf(now, mergeForms(kept, now).draft)).toEqual({ objects: { account: { read: 'all', update: 'department', fields: { phone: 'hidden' } } } });
});

it('names what both changed, and keeps naming it', () => {
  const kept = { from, objects: { account: { read: 'all' as const, update: 'own' as const } } };
  const now: RoleForm = { objects: { account: { read: 'department', update: 'own', fields: { phone: 'hidden' } } }, system: [] };
  const merged = mergeForms(kept, now);
  expect(merged.both).toEqual(['account.read', 'account:phone']);
  expect(merged.draft.objects.account).toEqual({ read: 'all', update: 'own' });
  expect(mergeForms({ from: now, objects: merged.draft.objects as never, both: merged.both }, now).both).toEqual(merged.both);
  expect(mergeForms({ from, objects: { account: { ...now.objects.account } } }, now).both).toEqual([]);
});

it('adds and takes system rights one by one', () => {
  expect(mergeForms({ from, system: ['manage_views', 'view_as'] }, { ...from, system: ['audit', 'manage_views', 'customise'] }).draft.system).toEqual(['manage_views', 'customise', 'view_as']);
});
