// Buttons of what can be done to the record: the first two at once, the others under "more".
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { newKey } from '@/lib/api';
import type { ObjectMeta, Rec, VerbMeta } from '@/lib/types';
import { useAfterVerb, useVerbs, verbLabel } from './use-verbs';
import { runVerb } from './verb-api';
import { verbIcon } from './verb-icons';

const VerbDrawer = lazy(() => import('./verb-drawer'));
const SHOWN = 2;

export type VerbItem = { key: string; icon: React.ReactNode; label: string; danger?: boolean; onClick: () => void };

/** What asks where one stands is done on the way: the phone offers it before all else. */
export const isOnTheWay = (verb: VerbMeta): boolean => !verb.danger && verb.params.some((p) => 'type' in p && p.type === 'geo');

/** What to show: buttons beside "edit", entries for the menu, and the open dialog. */
export function useVerbActions(object: ObjectMeta, record: Rec, phone: boolean) {
  const verbs = useVerbs(object, record);
  const after = useAfterVerb(object, record);
  const [open, setOpen] = useState<VerbMeta | null>(null);
  const act = (verb: VerbMeta) => {
    if (verb.params.length || verb.danger) setOpen(verb);
    else runVerb(object, record, verb, [], {}, newKey()).then((done) => after(verb, done), (e: unknown) => showFailure(failureText(e)));
  };
  const icon = (verb: VerbMeta, size: number) => { const Icon = verbIcon(verb.icon); return <Icon size={size} strokeWidth={1.75} />; };
  const calm = [...verbs.filter((v) => !v.danger), ...verbs.filter((v) => v.danger)];
  const main = phone ? calm.find(isOnTheWay) : undefined;
  const first = phone ? [] : calm.slice(0, SHOWN);
  const buttons = first.map((v) => <Button key={v.verb} icon={icon(v, 16)} onClick={() => act(v)}>{verbLabel(v)}</Button>);
  const items: VerbItem[] = calm.filter((v) => v !== main && !first.includes(v)).map((v) => ({ key: `verb-${v.verb}`, icon: icon(v, 14), label: verbLabel(v), danger: v.danger, onClick: () => act(v) }));
  const dialog = open && <Suspense><VerbDrawer object={object} record={record} verb={open} onClose={() => setOpen(null)} onDone={after} /></Suspense>;
  return { main: main && <Button type="primary" block className="main-verb" icon={icon(main, 20)} onClick={() => act(main)}>{verbLabel(main)}</Button>, buttons, items, dialog };
}
