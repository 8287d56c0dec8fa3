// To whom a record is opened, kept current; opening it to others and closing it again, each with the way back.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { t } from '@/lib/i18n';
import { kindOf, linkOfPrincipal, wirePrincipal, type Principal } from '@/lib/principals';
import type { ObjectMeta } from '@/lib/types';
import { useLive } from '@/lib/use-live';
import { fetchShares, share, unshare, type NewShare, type Share } from './access-api';

export const sharesKey = (plural: string, id: string) => ['access', plural, id, 'shares'];

export function useShares(object: ObjectMeta, id: string) {
  const client = useQueryClient();
  useLive([`${object.plural}/${id}`], () => void client.invalidateQueries({ queryKey: ['access', object.plural, id] }));
  return useQuery({ queryKey: sharesKey(object.plural, id), queryFn: ({ signal }) => fetchShares(object.plural, id, signal), select: (d) => d.items, staleTime: 5000 });
}

export const wireOfShare = (s: Share): Principal => wirePrincipal(kindOf(s), linkOfPrincipal(s)?.id);
/** What would bring a share back as it was. */
export const againOf = (s: Share): NewShare => ({ with: [wireOfShare(s)], level: s.level, as: s.source === 'collaborator' ? 'collaborator' : 'manual', until: s.until });

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
  return {
    add: (body: NewShare, before: Share | undefined) => share(object.plural, id, body).then(async () => {
      await again();
      const back = before ? () => share(object.plural, id, againOf(before)) : () => unshare(object.plural, id, body.with);
      showToast(t('share.added', { name: nameOf(body.with[0]!) }), { label: t('action.undo'), key: 'Ctrl Z', run: () => void act(back, t('toast.undone')) });
    }),
    change: (s: Share, part: Partial<NewShare>) => act(() => share(object.plural, id, { ...againOf(s), ...part }), t('share.changed', { name: nameOf(s) }), () => share(object.plural, id, againOf(s))),
    remove: (s: Share) => act(() => unshare(object.plural, id, [wireOfShare(s)]), t('share.removed', { name: nameOf(s) }), () => share(object.plural, id, againOf(s))),
  };
}
