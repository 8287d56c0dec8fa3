// What there is to set, for whom: a place shows when its person may open it.
import '@/lib/settings-words';
import { t } from '@/lib/i18n';
import { mayCustomise, maySystem, useSignedIn } from '@/lib/me';
import { mayCreate, mayDelete, mayExport, mayRead, mayUpdate, useCatalogue, type Catalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { mayBulk } from '@/record/bulk/bulk-api';

export interface Place { to: string; label: string }
export interface PlaceGroup { label: string; places: Place[] }

/** People who change an object's records see its page in the settings; who only reads them has the ordinary list. */
export function mayManage({ byName }: Catalogue, name: string): boolean {
  const object = byName.get(name);
  return !!object && mayRead(object) && (mayCreate(object) || mayUpdate(object));
}

/** Who may delete, change many and export may clean up. */
const mayCleanUp = (object: ObjectMeta | undefined): boolean => !!object && mayDelete(object) && mayExport(object) && mayBulk(object);

export function usePlaces(): PlaceGroup[] {
  const catalogue = useCatalogue();
  const { rights } = useSignedIn();
  const { system } = rights;
  const managers = maySystem(system, 'manage_users') || mayCustomise(system);
  const organisation = [
    managers && mayManage(catalogue, 'department') && { to: '/settings/departments', label: t('places.departments') },
    managers && mayManage(catalogue, 'user') && { to: '/settings/people', label: t('places.people') },
    managers && mayManage(catalogue, 'position') && { to: '/settings/positions', label: t('places.positions') },
    managers && mayManage(catalogue, 'team') && { to: '/settings/teams', label: t('places.teams') },
    maySystem(system, 'hand_over') && { to: '/settings/hand-over', label: t('places.hand_over') },
  ].filter((p) => p !== false);
  const access = [
    maySystem(system, 'manage_roles') && { to: '/settings/roles', label: t('places.roles') },
    maySystem(system, 'manage_roles') && { to: '/settings/sharing-rules', label: t('places.rules') },
    maySystem(system, 'audit') && { to: '/settings/access-log', label: t('places.log') },
    maySystem(system, 'api_keys') && { to: '/settings/api-keys', label: t('places.keys') },
  ].filter((p) => p !== false);
  const seesQuality = mayCustomise(system) || ['account', 'lead'].some((name) => catalogue.byName.get(name)?.rights?.read === 'all');
  const quality = seesQuality ? [{ to: '/settings/quality', label: t('places.quality') }] : [];
  const cleans = ['lead', 'account', 'contact', 'opportunity', 'task'].some((name) => mayCleanUp(catalogue.byName.get(name)));
  const cleanup = cleans ? [{ to: '/settings/cleanup', label: t('places.cleanup') }] : [];
  const model = mayCustomise(system) ? [
    { to: '/settings/objects', label: t('setup.objects') }, { to: '/settings/lists', label: t('places.lists') }, { to: '/settings/changes', label: t('places.changes') },
    { to: '/settings/bin', label: t('places.bin') }, { to: '/settings/files', label: t('places.config') },
  ] : [];
  const data = maySystem(system, 'backup') ? [...model, { to: '/settings/backups', label: t('places.backups') }] : model;
  return [{ label: t('places.organisation'), places: organisation }, { label: t('places.access'), places: access }, { label: t('places.data'), places: [...data, ...quality, ...cleanup] }].filter((g) => g.places.length > 0);
}
