import { expect, it } from 'vitest';
import type { ObjectMeta } from '@/lib/types';
import { bodyOf, changedFields, changesOf, fieldWord, grantOf, isChanged, isEmpty, maskExample, maskStyle, preset, restricted, styled, stylesFor, undoOf, withField, withGrant, wordsFor, type RoleForm } from './matrix';

const base: RoleForm = { objects: { account: { read: 'own', create: true, update: { expr: 'level = "key"' }, fields: { phone: 'masked' } }, lead: { read: 'all' } }, system: ['manage_views'] };

it('takes what is not said for nothing', () => {
  expect([grantOf(undefined, 'read'), grantOf({}, 'create'), grantOf(base.objects.account, 'create'), grantOf(base.objects.account, 'delete')]).toEqual(['none', false, true, 'none']);
});

it('knows a change from a value that was given again', () => {
  expect(isChanged(base.objects.account, withGrant(base.objects.account, 'update', { expr: 'level = "key"' }), 'update')).toBe(false);
  expect(isChanged(base.objects.account, withGrant(base.objects.account, 'update', { expr: 'level = "small"' }), 'update')).toBe(true);
  expect(isChanged(base.objects.account, withGrant(base.objects.account, 'delete', 'none'), 'delete')).toBe(false);
});

it('sends whole objects, only those that changed, and system rights only when they did', () => {
  const draft: RoleForm = { ...base, objects: { ...base.objects, lead: withGrant(base.objects.lead, 'delete', 'own'), order: withGrant(undefined, 'read', 'all') } };
  expect(bodyOf(base, draft)).toEqual({ objects: { lead: { read: 'all', delete: 'own' }, order: { read: 'all' } } });
  expect(undoOf(base, draft)).toEqual({ objects: { lead: { read: 'all' }, order: { read: 'none' } } });
  expect(bodyOf(base, { ...base, system: [] })).toEqual({ objects: {}, system: [] });
  expect(isEmpty(changesOf(base, { objects: { ...base.objects }, system: ['manage_views'] }))).toBe(true);
});

it('keeps of fields only what is less than writing', () => {
  const hidden = withField(base.objects.account, 'level', 'hidden');
  expect(hidden.fields).toEqual({ phone: 'masked', level: 'hidden' });
  expect(withField(withField(hidden, 'level', 'write'), 'phone', 'write')).not.toHaveProperty('fields');
  expect(changedFields(base.objects.account, hidden)).toEqual(['level']);
  expect(restricted(hidden).sort()).toEqual(['level', 'phone']);
  expect(changesOf(base, { ...base, objects: { ...base.objects, account: hidden } })).toEqual({ cells: 0, fields: 1, objects: ['account'], system: false });
});

it('sets a row at once and leaves its fields alone', () => {
  expect(preset(base.objects.account, 'read')).toEqual({ read: 'all', create: false, update: 'none', delete: 'none', export: 'none', import: false, share: 'none', transfer: 'none', bulk: 'none', fields: { phone: 'masked' } });
  expect([preset({}, 'all').import, preset({}, 'own').import, preset({}, 'own').create]).toEqual([true, false, true]);
});

it('offers masks where the server makes them', () => {
  const object = { object: 'x', plural: 'xs', traits: ['coded'], fields: [] } as ObjectMeta;
  expect(wordsFor(object, { name: 'mobile', type: 'phone' })).toContain('reveal');
  for (const field of [{ name: 'code', type: 'text' }, { name: 'owner', type: 'link' }, { name: 'created_at', type: 'datetime', system: true }]) expect(wordsFor(object, field)).toEqual(['hidden', 'read', 'write']);
  expect(wordsFor(object, { name: 'key', type: 'secret' })).toContain('read_secrets');
});

it('keeps the style behind a mask, and drops it with the mask', () => {
  const form = withField(base.objects.account, 'phone', styled('masked', 'full'));
  expect(form.fields).toEqual({ phone: 'masked:full' });
  expect([fieldWord(form, 'phone'), maskStyle(form, 'phone'), maskStyle(base.objects.account, 'phone')]).toEqual(['masked', 'full', 'auto']);
  expect(changedFields(base.objects.account, form)).toEqual(['phone']);
  expect([styled('read', 'full'), styled('reveal', 'auto'), styled('reveal', 'id')]).toEqual(['read', 'reveal', 'reveal:id']);
  expect([stylesFor({ name: 'x', type: 'money' }), maskExample({ name: 'x', type: 'money' }, 'amount'), maskExample({ name: 'x', type: 'phone' }, 'id')]).toEqual([['auto', 'amount'], '1******', '138****5678']);
});
