// Column by column: where it goes, what it holds, and how its words translate.
import { Select } from 'antd';
import { ArrowRight, Languages } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import type { ColumnMap, Mapping, Target } from './mapping';
import type { Preview, PreviewColumn } from './preview';
import { ValueMap } from './value-map';

interface Props { preview: Preview; targets: Target[]; mapping: Mapping; onChange: (mapping: Mapping) => void; choice: ReactNode }

const SAMPLES = 3;
const WORDS = 40;

function Row({ column, targets, map, taken, onChange }: { column: PreviewColumn; targets: Target[]; map: ColumnMap; taken: Set<string>; onChange: (map: ColumnMap) => void }) {
  const [open, setOpen] = useState(false);
  const target = targets.find((x) => x.path === map.path);
  const shown = column.samples.slice(0, SAMPLES).join(t('list.separator'));
  const count = Object.values(map.values).filter(Boolean).length;
  const options = targets.map((x) => ({ value: x.path, label: x.label, disabled: taken.has(x.path) && x.path !== map.path }));
  return (
    <>
      <div className="map-row">
        <span className="cut" title={column.name}>{column.name}</span>
        <ArrowRight size={14} strokeWidth={1.75} className="muted" aria-hidden />
        <Select value={map.path ?? undefined} onChange={(v?: string) => onChange({ path: v ?? null, values: {} })} options={options} allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t('import.skip_column')} aria-label={t('import.field_for', { column: column.name })} />
        <span className="cut muted cap sample" title={shown}>{shown}</span>
        <IconButton icon={Languages} label={t('import.value_map')} on={open || count > 0} disabled={!target} onClick={() => setOpen(!open)} />
      </div>
      {open && target && <ValueMap target={target} found={column.samples.slice(0, WORDS)} values={map.values} onChange={(values) => onChange({ ...map, values })} />}
    </>
  );
}

export function MappingTable({ preview, targets, mapping, onChange, choice }: Props) {
  const taken = new Set(Object.values(mapping).flatMap((m) => (m.path ? [m.path] : [])));
  const used = Object.values(mapping).filter((m) => m.path).length;
  return (
    <section className="card map-card">
      <header><h3>{t('import.mapping')}</h3><span className="cap muted nw">{t('import.mapped', { n: used, all: preview.columns.length })}</span><div className="extra">{choice}</div></header>
      <div className="map-row hd"><span>{t('import.column')}</span><span /><span>{t('import.field')}</span><span className="sample">{t('import.samples')}</span><span /></div>
      {preview.columns.map((c) => (
        <Row key={c.name} column={c} targets={targets} map={mapping[c.name] ?? { path: null, values: {} }} taken={taken} onChange={(m) => onChange({ ...mapping, [c.name]: m })} />
      ))}
    </section>
  );
}
