// Column by column: where it goes, what it holds, and how its words translate.
import { Select } from 'antd';
import { ArrowRight, Languages } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import { distinct, type Sample } from './csv';
import type { ColumnMap, Mapping, Target } from './mapping';
import { ValueMap } from './value-map';

interface Props { sample: Sample; targets: Target[]; mapping: Mapping; onChange: (mapping: Mapping) => void; limit: number }

const SAMPLES = 3;

function Row({ column, index, sample, targets, map, taken, onChange, limit }: { column: string; index: number; sample: Sample; targets: Target[]; map: ColumnMap; taken: Set<string>; onChange: (map: ColumnMap) => void; limit: number }) {
  const [open, setOpen] = useState(false);
  const target = targets.find((x) => x.path === map.path);
  const shown = distinct(sample, index, SAMPLES).join(t('list.separator'));
  const count = Object.values(map.values).filter(Boolean).length;
  const options = targets.map((x) => ({ value: x.path, label: x.label, disabled: taken.has(x.path) && x.path !== map.path }));
  return (
    <>
      <div className="map-row">
        <span className="cut" title={column}>{column}</span>
        <ArrowRight size={14} strokeWidth={1.75} className="muted" aria-hidden />
        <Select value={map.path ?? undefined} onChange={(v?: string) => onChange({ path: v ?? null, values: {} })} options={options} allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t('import.skip_column')} aria-label={t('import.field_for', { column })} />
        <span className="cut muted cap sample" title={shown}>{shown}</span>
        <IconButton icon={Languages} label={t('import.value_map')} on={open || count > 0} disabled={!target} onClick={() => setOpen(!open)} />
      </div>
      {open && target && <ValueMap target={target} found={distinct(sample, index, limit)} values={map.values} onChange={(values) => onChange({ ...map, values })} />}
    </>
  );
}

export function MappingTable({ sample, targets, mapping, onChange, limit }: Props) {
  const taken = new Set(Object.values(mapping).flatMap((m) => (m.path ? [m.path] : [])));
  const used = Object.values(mapping).filter((m) => m.path).length;
  return (
    <section className="card">
      <header><h3>{t('import.mapping')}</h3><div className="extra">{t('import.mapped', { n: used, all: sample.columns.length })}</div></header>
      <div className="map-row hd"><span>{t('import.column')}</span><span /><span>{t('import.field')}</span><span className="sample">{t('import.samples')}</span><span /></div>
      {sample.columns.map((c, i) => (
        <Row key={c + i} column={c} index={i} sample={sample} targets={targets} map={mapping[c] ?? { path: null, values: {} }} taken={taken} limit={limit} onChange={(m) => onChange({ ...mapping, [c]: m })} />
      ))}
    </section>
  );
}
