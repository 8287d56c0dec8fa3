// What a role's form would open and close: records seen, other actions, fields, system rights.
import { Link } from 'react-router';
import { SideRow } from '@/components/side-row';
import { linkTitle } from '@/fields/link/link';
import { hasMessage, t } from '@/lib/i18n';
import { fieldLabel, fieldOf, pluralLabel, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { Preview, Side } from './api';
import { isFlag, type Action } from './matrix';
import type { RoleDraft } from './use-role-draft';

export const sideCount = (side: Side): string => formatNumber(side.records) + (side.exact ? '' : '+');

export function Samples({ side, plural }: { side: Side; plural: string }) {
  return side.samples.map((s) => <Link key={s.id} to={`/${plural}/${s.id}`} className="cut">{linkTitle(s)}</Link>);
}

function Counted({ side, gained, plural, action }: { side: Side; gained: boolean; plural: string; action: Action }) {
  if (!side.people) return null;
  const words = { records: sideCount(side), people: formatNumber(side.people), action: t(`action_of.${action}`) };
  const text = action === 'read' ? t(gained ? 'preview.gain' : 'preview.lose', words)
    : isFlag(action) ? t(gained ? 'preview.flag_on' : 'preview.flag_off', words)
      : t(gained ? 'preview.action_gain' : 'preview.action_lose', words);
  return <SideRow side={gained ? 'gained' : 'lost'} text={text}>{side.samples.length > 0 && <Samples side={side} plural={plural} />}</SideRow>;
}

/** A mask by its style, where it has one of its own or nothing else changes. */
const rightWords = (right: string, style: string | undefined, same: boolean): string => (style && (same || style !== 'auto') ? t('preview.mask', { right: t(`field_right.${right}`), style: t(`mask_style.${style}`) }) : t(`field_right.${right}`));

function ObjectOutcome({ name, of }: { name: string; of: Preview }) {
  const { byName } = useCatalogue();
  const object = byName.get(name);
  const plural = object?.plural ?? '';
  const seen = of.objects.filter((o) => o.object === name).map((o) => ({ ...o, action: 'read' as Action }));
  const rows = [...seen, ...of.actions.filter((a) => a.object === name)];
  return (
    <section className="preview-object">
      <h4>{object ? pluralLabel(object) : name}</h4>
      {rows.flatMap((r) => [true, false].map((gained) => <Counted key={`${r.action}${gained ? '+' : '-'}`} side={gained ? r.gained : r.lost} gained={gained} plural={plural} action={r.action} />))}
      {of.fields.filter((f) => f.object === name).map((f) => {
        const field = object && fieldOf(object, f.field);
        const words = { field: field ? fieldLabel(field) : f.field, from: rightWords(f.from, f.from_style, f.to === f.from), to: rightWords(f.to, f.to_style, f.to === f.from), people: formatNumber(f.people), records: sideCount(f) };
        return <SideRow key={[f.field, f.from, f.from_style, f.to, f.to_style].join()} side="changed" text={t(f.records ? 'preview.field' : 'preview.field_empty', words)}>{f.samples.length > 0 && <Samples side={f} plural={plural} />}</SideRow>;
      })}
    </section>
  );
}

function SystemOutcome({ of }: { of: Preview }) {
  const name = (right: string) => (hasMessage(`system.${right}`) ? t(`system.${right}`) : right);
  if (!of.system.length) return null;
  return (
    <section className="preview-object">
      <h4>{t('roles.tab_system')}</h4>
      {of.system.flatMap((s) => (['gained', 'lost'] as const).map((side) => ({ right: s.right, side, at: s[side] }))).filter((s) => s.at.people > 0 || s.side === 'gained').map(({ right, side, at }) => (
        at.people > 0 && <SideRow key={right + side} side={side} text={t(side === 'gained' ? 'preview.right_gain' : 'preview.right_lose', { right: name(right), people: formatNumber(at.people) })}>{at.samples.map((p) => <span key={p.id} className="cut">{linkTitle(p)}</span>)}</SideRow>
      ))}
    </section>
  );
}

export function Outcome({ of, draft }: { of: Preview; draft: RoleDraft }) {
  const { byName } = useCatalogue();
  const told = draft.changes.objects.filter((name) => [of.objects, of.actions, of.fields].some((list) => list.some((x) => x.object === name)));
  const rest = draft.changes.objects.filter((name) => !told.includes(name));
  const label = (name: string) => { const o = byName.get(name); return o ? pluralLabel(o) : name; };
  return (
    <>
      <p className="soft">{of.people ? t(of.looked_at < of.people ? 'preview.people_some' : 'preview.people', { n: of.people, looked: formatNumber(of.looked_at) }) : t('preview.nobody')}</p>
      {told.map((name) => <ObjectOutcome key={name} name={name} of={of} />)}
      <SystemOutcome of={of} />
      {rest.length > 0 && <p className="muted">{t('preview.no_difference', { objects: rest.map(label).join(t('list.separator')) })}</p>}
      {!of.complete && <p className="muted">{t('preview.cut')}</p>}
      <p className="muted cap">{t('preview.reading')}</p>
    </>
  );
}
