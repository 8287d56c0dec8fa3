// Objects down, actions across. Arrows move, Enter opens the scopes, digits set them; what differs from what is saved is marked.
import { Dropdown } from 'antd';
import { ChevronDown, CodeXml } from 'lucide-react';
import { Fragment, useRef, useState, type KeyboardEvent } from 'react';
import { t } from '@/lib/i18n';
import { objectLabel, pluralLabel } from '@/lib/meta';
import type { Grouped } from '@/lib/areas';
import type { ObjectMeta } from '@/lib/types';
import { grantWords, ScopeMenu } from './scope-menu';
import { ACTIONS, changedFields, exprOf, grantOf, isChanged, isFlag, preset, PRESETS, restricted, SCOPES, withGrant, type Action, type Grant, type ObjectForm } from './matrix';
import type { RoleDraft } from './use-role-draft';

interface Props { groups: Grouped<ObjectMeta>[]; draft: RoleDraft; fixed: boolean; onObject: (object: ObjectMeta, action?: Action) => void }
interface Place { row: number; column: number }
const COLUMNS = ACTIONS.length + 1;

function Cell({ object, action, place, at, open, form, base, draft, fixed, onOpen, onFocus, onObject }: {
  object: ObjectMeta; action: Action; place: Place; at: boolean; open: boolean; form: ObjectForm | undefined; base: ObjectForm | undefined; draft: RoleDraft; fixed: boolean;
  onOpen: (open: boolean) => void; onFocus: () => void; onObject: Props['onObject'];
}) {
  const grant = grantOf(form, action);
  const changed = isChanged(base, form, action);
  const expr = exprOf(grant);
  const level = expr ? 'expr' : typeof grant === 'boolean' ? (grant ? 'all' : 'none') : grant;
  const set = (next: Grant | boolean) => { onOpen(false); draft.set(object.object, withGrant(form, action, next)); };
  const act = () => { if (fixed) return; if (isFlag(action)) set(!grant); else onOpen(true); };
  const words = grantWords(grant);
  const was = changed ? t('roles.was', { scope: grantWords(grantOf(base, action)) }) : '';
  const name = `${objectLabel(object)} ${t(`action_of.${action}`)}`;
  const title = [expr ?? '', was].filter(Boolean).join(' · ');
  return (
    <td role="gridcell" data-row={place.row} data-column={place.column} tabIndex={at ? 0 : -1} className={`mx ${level as string}${changed ? ' changed' : ''}`} aria-label={`${name}: ${words}${was ? `, ${was}` : ''}`} title={title || undefined} aria-readonly={fixed}
      onFocus={onFocus} onClick={act} aria-haspopup={isFlag(action) ? undefined : 'menu'} aria-expanded={isFlag(action) ? undefined : open}>
      <span className="mx-in">{expr && <CodeXml size={12} strokeWidth={1.75} aria-hidden />}<span className="cut">{words}</span></span>
      {open && <ScopeMenu value={grant as Grant} was={changed ? grantOf(base, action) as Grant : undefined} onPick={set} onExpr={() => { onOpen(false); onObject(object, action); }} onClose={() => onOpen(false)} />}
    </td>
  );
}

/** All that is shown of a column, or a whole row, at once. */
function SetMenu({ label, items }: { label: string; items: { key: string; label: string; onClick: () => void }[] }) {
  return <Dropdown menu={{ items }} trigger={['click']}><button type="button" className="mx-set" aria-label={label} title={label}><ChevronDown size={12} strokeWidth={1.75} aria-hidden /></button></Dropdown>;
}

export function RoleMatrix({ groups, draft, fixed, onObject }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<Place>({ row: 0, column: 0 });
  const [open, setOpen] = useState('');
  const objects = groups.flatMap((g) => g.items);
  const focus = (row: number, column: number) => {
    const place = { row: Math.max(0, Math.min(objects.length - 1, row)), column: Math.max(0, Math.min(COLUMNS - 1, column)) };
    setAt(place);
    const cell = table.current?.querySelector<HTMLElement>(`[data-row="${place.row}"][data-column="${place.column}"]`);
    cell?.focus();
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const key = (e: KeyboardEvent) => {
    const moves: Record<string, [number, number]> = { ArrowDown: [at.row + 1, at.column], ArrowUp: [at.row - 1, at.column], ArrowLeft: [at.row, at.column - 1], ArrowRight: [at.row, at.column + 1], Home: [at.row, 0], End: [at.row, COLUMNS - 1], PageDown: [at.row + 10, at.column], PageUp: [at.row - 10, at.column] };
    const target = e.target as HTMLElement;
    const object = objects[at.row];
    if (target.getAttribute('role') !== 'gridcell' || open || !object) return;
    const move = moves[e.key];
    if (move) { e.preventDefault(); return focus(...move); }
    if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); return target.click(); }
    const action = ACTIONS[at.column];
    if (fixed || !action) return;
    const form = draft.draft.objects[object.object];
    const digit = Number(e.key);
    if (e.key === 'Backspace' || e.key === 'Delete') draft.set(object.object, withGrant(form, action, grantOf(draft.base.objects[object.object], action)));
    else if (isFlag(action) && (digit === 0 || digit === 1) && e.key !== ' ') draft.set(object.object, withGrant(form, action, digit === 1));
    else if (!isFlag(action) && e.key !== ' ' && SCOPES[digit]) draft.set(object.object, withGrant(form, action, SCOPES[digit]));
  };
  const setColumn = (action: Action, grant: Grant | boolean) => draft.setMany(Object.fromEntries(objects.map((o) => [o.object, withGrant(draft.draft.objects[o.object], action, grant)])));
  const columnItems = (action: Action) => (isFlag(action)
    ? [true, false].map((v) => ({ key: String(v), label: grantWords(v), onClick: () => setColumn(action, v) }))
    : SCOPES.map((s) => ({ key: s, label: t(`scope_short.${s}`), onClick: () => setColumn(action, s) })));
  let row = -1;
  return (
    <div className="mx-scroll">
      <table className="matrix" role="grid" ref={table} onKeyDown={key} aria-label={t('roles.matrix')} aria-rowcount={objects.length} aria-colcount={COLUMNS + 1}>
        <thead>
          <tr>
            <th scope="col" className="name">{t('setup.objects')}</th>
            {ACTIONS.map((a) => <th key={a} scope="col"><span className="row gap4 nw">{t(`action_of.${a}`)}{!fixed && <SetMenu label={t('roles.set_column', { action: t(`action_of.${a}`) })} items={columnItems(a)} />}</span></th>)}
            <th scope="col">{t('setup.fields')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((g) => (
            <Fragment key={g.label}>
              <tr className="mx-group"><th colSpan={COLUMNS + 1} scope="colgroup"><span>{g.label}</span></th></tr>
              {g.items.map((o) => {
                row += 1;
                const [form, base, here] = [draft.draft.objects[o.object], draft.base.objects[o.object], row];
                const fields = restricted(form).length;
                return (
                  <tr key={o.object}>
                    <th scope="row" className="name"><span className="row"><button type="button" className="obj-name cut" onClick={() => onObject(o)}>{pluralLabel(o)}</button>{!fixed && <SetMenu label={t('roles.set_row', { object: pluralLabel(o) })} items={PRESETS.map((p) => ({ key: p, label: t(`preset.${p}`), onClick: () => draft.set(o.object, preset(form, p)) }))} />}</span></th>
                    {ACTIONS.map((a, column) => <Cell key={a} object={o} action={a} place={{ row: here, column }} at={at.row === here && at.column === column} open={open === `${o.object}.${a}`} form={form} base={base} draft={draft} fixed={fixed} onObject={onObject} onFocus={() => setAt({ row: here, column })} onOpen={(on) => { setOpen(on ? `${o.object}.${a}` : ''); if (!on) setTimeout(() => focus(here, column)); }} />)}
                    <td role="gridcell" data-row={here} data-column={ACTIONS.length} tabIndex={at.row === here && at.column === ACTIONS.length ? 0 : -1} className={`mx fields-of${changedFields(base, form).length ? ' changed' : ''}`} aria-label={t('roles.fields_of', { object: objectLabel(o), n: fields })} onFocus={() => setAt({ row: here, column: ACTIONS.length })} onClick={() => onObject(o)}><span className="mx-in">{fields ? t('roles.restricted', { n: fields }) : '–'}</span></td>
                  </tr>
                );
              })}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}
