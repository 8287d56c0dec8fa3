// To whom a record is opened, kept current; opening it to others and closing it again, each with the way back.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { t } from '@/lib/i18n';
import { kindOf, linkOfPrincipal, wirePrincipal, type Principal } from '@/lib/principals';
import type { ObjectMeta } from '@/lib/types';
import { useLive } from '@/lib/use-live';
import { putRecord } from '../data/put-record';
import { fetchShares, name, share, unshare, type Level, type NewShare, type Share } from './access-api';

export const sharesKey = (plural: string, id: string) => ['access', plural, id, 'shares'];

export function useShares(object: ObjectMeta, id: string) {
  const client = useQueryClient();
  useLive([`${object.plural}/${id}`], () => void client.invalidateQueries({ queryKey: ['access', object.plural, id] }));
  return useQuery({ queryKey: sharesKey(object.plural, id), queryFn: ({ signal }) => fetchShares(object.plural, id, signal), select: (d) => d.items, staleTime: 5000 });
}

export const wireOfShare = (s: Share): Principal => wirePrincipal(kindOf(s), linkOfPrincipal(s)?.id);
/** What would bring a share back as it was. */
export const againOf = (s: Share): NewShare => ({ with: [wireOfShare(s)], level: s.level, as: s.source === 'collaborator' ? 'collaborator' : 'manual', until: s.until });

/** The field of the object by which such a share is made, where it has one. */
export const fieldFor = (object: ObjectMeta, who: Principal, level: Level): string | undefined =>
  object.fields.find((f) => f.type === 'links' && f.shares === level && f.to === kindOf(who) && !f.right && !f.readonly)?.name;

export function useShareActions(object: ObjectMeta, id: string, nameOf: (s: Principal) => string) {
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ['access', object.plural, id] });
  /** True when it was done; what was refused is told where the person looks. */
  const act = async (doing: () => Promise<unknown>, said: string, back?: () => Promise<unknown>): Promise<boolean> => {
    try {
      await doing();
      await again();
      showToast(said, back && { label: t('action.undo'), key: 'Ctrl Z', run: () => void act(back, t('toast.undone')) });
      return true;
    } catch (e) {
      showFailure(failureText(e));
      return false;
    }
  };
  /** Names in fields are part of the record: written as such, told by its history. */
  const write = async (put: string | undefined, out: string | undefined, who: Principal) => {
    const saved = await name(object.plural, id, put, out, linkOfPrincipal(who)?.id ?? '');
    putRecord(client, object, saved);
    await again();
  };
  const move = (s: Share, put: string | undefined, said: string) => act(() => write(put, s.field, s), said, () => write(s.field, put, s));
  return {
    add: (body: NewShare, before: Share | undefined, field: string | undefined, shown: Principal) => (field ? write(field, undefined, body.with[0]!) : share(object.plural, id, body)).then(async () => {
      await again();
      const back = field ? () => write(undefined, field, body.with[0]!) : before ? () => share(object.plural, id, againOf(before)) : () => unshare(object.plural, id, body.with);
      showToast(t('share.added', { name: nameOf(shown) }), { label: t('action.undo'), key: 'Ctrl Z', run: () => void act(back, t('toast.undone')) });
    }),
    change: (s: Share, part: Partial<NewShare>) => (s.field ? move(s, fieldFor(object, s, part.level ?? s.level), t('share.changed', { name: nameOf(s) })) : act(() => share(object.plural, id, { ...againOf(s), ...part }), t('share.changed', { name: nameOf(s) }), () => share(object.plural, id, againOf(s)))),
    remove: (s: Share) => (s.field ? move(s, undefined, t('share.removed', { name: nameOf(s) })) : act(() => unshare(object.plural, id, [wireOfShare(s)]), t('share.removed', { name: nameOf(s) }), () => share(object.plural, id, againOf(s)))),
  };
}
