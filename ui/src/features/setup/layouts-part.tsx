// Layouts of an object: form with related lists, columns of lists, board with its cards, views for all.
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { t } from '@/lib/i18n';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { LayoutBoard, LayoutList } from './layout-fields';
import { LayoutForm } from './layout-form';
import { LayoutVariants, layoutsOf } from './layout-variants';
import { LayoutViews } from './layout-views';
import { useRounds } from './use-rounds';

const FieldDrawer = lazy(() => import('./field-drawer'));
const KINDS = ['form', 'list', 'board', 'views'] as const;
type Kind = (typeof KINDS)[number];

export default function LayoutsPart({ object, tabs }: { object: ObjectMeta; tabs: ReactNode }) {
  const [kind, setKind] = useState<Kind>('form');
  const [field, setField] = useState<FieldMeta | null>(null);
  const [at, setAt] = useState('');
  const all = kind === 'views' ? [] : layoutsOf(object, kind);
  const layout = all.find((l) => l.layout === at) ?? all.find((l) => !l.for) ?? all[0];
  const { round, saved } = useRounds();
  const key = `${kind} ${layout?.layout ?? ''} ${round}`;
  return (
    <>
      <div className="toolbar line">{tabs}<span className="seg end" role="group" aria-label={t('layout.kind')}>{KINDS.map((k) => <button key={k} type="button" aria-pressed={k === kind} className={k === kind ? 'on' : ''} onClick={() => setKind(k)}>{t(`layout.${k}`)}</button>)}</span></div>
      {kind !== 'views' && <LayoutVariants object={object} kind={kind} layout={layout} onPick={setAt} onSaved={saved} />}
      {layout?.missing && layout.missing.length > 0 && <div className="banner warn" role="status"><div className="grow">{t('layout.missing', { names: layout.missing.join(', ') })}</div></div>}
      {kind === 'form' && <LayoutForm key={key} object={object} layout={layout} onField={setField} onSaved={saved} />}
      {kind === 'list' && <LayoutList key={key} object={object} layout={layout} onSaved={saved} />}
      {kind === 'board' && <LayoutBoard key={key} object={object} layout={layout} onSaved={saved} />}
      {kind === 'views' && <LayoutViews key={key} object={object} onSaved={saved} />}
      <Suspense>{field && <FieldDrawer key={field.name} object={object} field={field} onClose={() => setField(null)} />}</Suspense>
    </>
  );
}
