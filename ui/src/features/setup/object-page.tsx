// One object: its fields, layouts, rules, indexes, and what it is called. Each part has an address.
import { Button, Input } from 'antd';
import { Plus, Search } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { NavLink } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { ModelFrame } from './model-frame';
import { NotFoundPage } from '@/record/page/not-found';
import { FieldTable } from './field-table';

const FieldDrawer = lazy(() => import('./field-drawer'));
const LayoutsPart = lazy(() => import('./layouts-part'));
const RulesPart = lazy(() => import('./rules-part'));
const IndexesPart = lazy(() => import('./indexes-part'));
const MatchPart = lazy(() => import('./match/match-part'));
const AboutPart = lazy(() => import('./about-part'));

const PARTS = ['fields', 'layouts', 'rules', 'duplicates', 'indexes', 'about'];

function Tabs({ object, part }: { object: ObjectMeta; part: string }) {
  const counts: Record<string, number | undefined> = { fields: object.fields.length, rules: object.rules?.length, duplicates: object.duplicates?.length, layouts: object.layouts?.length };
  return (
    <nav className="tabs" aria-label={objectLabel(object)}>
      {PARTS.map((p) => <NavLink key={p} to={`/settings/objects/${object.object}/${p}`} className={({ isActive }) => (isActive || p === part ? 'on' : '')} aria-current={p === part ? 'page' : undefined}>{t(`setup.part_${p}`)}{counts[p] !== undefined && <em>{counts[p]}</em>}</NavLink>)}
    </nav>
  );
}

function Fields({ object }: { object: ObjectMeta }) {
  const [find, setFind] = useState('');
  const [field, setField] = useState<FieldMeta | 'new' | null>(null);
  const current = field && field !== 'new' ? object.fields.find((f) => f.name === field.name) ?? field : field;
  return (
    <>
      <div className="toolbar line">
        <Tabs object={object} part="fields" />
        <span className="row end">
          <Input size="small" allowClear className="find" prefix={<Search size={14} strokeWidth={1.75} aria-hidden />} value={find} onChange={(e) => setFind(e.target.value)} placeholder={t('setup.find_field')} aria-label={t('setup.find_field')} />
          <Button type="primary" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => setField('new')}>{t('setup.add_field')}</Button>
        </span>
      </div>
      <FieldTable object={object} find={find} selected={field && field !== 'new' ? field.name : undefined} onPick={setField} />
      <Suspense>{current && <FieldDrawer key={current === 'new' ? '' : current.name} object={object} field={current === 'new' ? undefined : current} onClose={() => setField(null)} />}</Suspense>
    </>
  );
}

const REST: Record<string, typeof LayoutsPart> = { layouts: LayoutsPart, rules: RulesPart, duplicates: MatchPart, indexes: IndexesPart, about: AboutPart };

export default function ObjectPage({ name: wanted, part }: { name: string; part: string }) {
  const { byName } = useCatalogue();
  const object = byName.get(wanted);
  const parent = { to: '/settings/objects', label: t('setup.objects') };
  if (!object || (part !== 'fields' && !REST[part])) return <NotFoundPage />;
  const Part = REST[part];
  return (
    <ModelFrame title={objectLabel(object)} parent={parent}>
      {Part ? <Suspense fallback={<TableSkeleton />}><Part key={object.object} object={object} tabs={<Tabs object={object} part={part} />} /></Suspense> : <Fields key={object.object} object={object} />}
    </ModelFrame>
  );
}
