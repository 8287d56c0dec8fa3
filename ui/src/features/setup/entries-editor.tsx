// Choices: words in both languages, a colour of the palette, order, retired or not. Codes stay for ever.
import { Button, Dropdown, Input, Select } from 'antd';
import { Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import { label as wordsOf, t } from '@/lib/i18n';
import type { Choice } from '@/lib/types';
import { TintDot, TINTS } from '@/fields/color/color';
import { identifierOf } from './names';
import { moved, SortableList } from './sortable';

interface Props { entries: Choice[]; error?: string; parents?: Choice[]; saved?: Set<string>; onChange: (entries: Choice[]) => void }
type Keyed = Choice & { at: number };

/** Tones say order by intensity; tints say identity. */
const TONES = ['accent', 'outline'];

export function Swatch({ color }: { color?: string | null }) {
  if (color === 'accent') return <i className="sw full" aria-hidden />;
  if (color === 'outline') return <i className="sw ring" aria-hidden />;
  return color && TINTS.some((x) => x.code === color) ? <span className="sw tint"><TintDot code={color} /></span> : <i className="sw" aria-hidden />;
}

const colorWords = (code: string): string => (TONES.includes(code) ? t(`setup.tone_${code}`) : wordsOf(TINTS.find((x) => x.code === code)?.label, code));

function ColorPick({ choice, name, onChange }: { choice: Choice; name: string; onChange: (color: string | null) => void }) {
  const items = [{ key: '', label: t('setup.tone_none'), icon: <Swatch /> }, ...[...TONES, ...TINTS.map((x) => x.code)].map((code) => ({ key: code, label: colorWords(code), icon: <Swatch color={code} /> }))];
  return (
    <Dropdown trigger={['click']} menu={{ items, selectable: true, selectedKeys: [choice.color ?? ''], onClick: ({ key }) => onChange(key || null) }}>
      <button type="button" className="ib sm" aria-label={t('setup.color_of', { name, color: choice.color ? colorWords(choice.color) : t('setup.tone_none') })}><Swatch color={choice.color} /></button>
    </Dropdown>
  );
}

export function EntriesEditor({ entries, error, parents, saved, onChange }: Props) {
  // Keys stay with their rows while codes are typed.
  const [keys, setKeys] = useState<number[]>(() => entries.map((_, i) => i));
  const known = keys.length === entries.length ? keys : entries.map((_, i) => i);
  const rows: Keyed[] = entries.map((c, i) => ({ ...c, at: known[i]! }));
  const put = (next: Keyed[]) => { setKeys(next.map((r) => r.at)); onChange(next.map((r) => { const c: Choice & { at?: number } = { ...r }; delete c.at; return c; })); };
  const change = (at: number, part: Partial<Choice>) => put(rows.map((r) => (r.at === at ? { ...r, ...part } : r)));
  const relabel = (r: Keyed, lang: 'zh-CN' | 'en', words: string) => {
    const follows = lang === 'en' && !saved?.has(r.value) && (!r.value || r.value === identifierOf(r.label?.en ?? ''));
    change(r.at, { label: { ...r.label, [lang]: words }, ...(follows ? { value: identifierOf(words) } : {}) });
  };
  const nameOf = (r: Choice) => wordsOf(r.label, r.value) || r.value;
  return (
    <div className={error ? 'ff wide bad' : 'ff wide'}>
      <div className="lab">{t('setup.choices')}</div>
      <div className={`entry head${parents ? ' parented' : ''}`} aria-hidden><span /><span /><span>{t('setup.label_zh')}</span><span>{t('setup.label_en')}</span><span>{t('setup.choice_code')}</span>{parents && <span>{t('setup.parent')}</span>}<span /></div>
      <SortableList items={rows} keyOf={(r) => String(r.at)} nameOf={nameOf} label={t('setup.choices')} className={(r) => `entry${parents ? ' parented' : ''}${r.retired ? ' retired' : ''}`} onMove={(from, to) => put(moved(rows, from, to))}>
        {(r, grip) => (
          <>
            {grip}
            <ColorPick choice={r} name={nameOf(r)} onChange={(color) => change(r.at, { color })} />
            <Input size="small" value={r.label?.['zh-CN'] ?? ''} lang="zh-CN" onChange={(e) => relabel(r, 'zh-CN', e.target.value)} aria-label={t('setup.label_zh')} />
            <Input size="small" value={r.label?.en ?? ''} lang="en" onChange={(e) => relabel(r, 'en', e.target.value)} aria-label={t('setup.label_en')} />
            <Input size="small" value={r.value} disabled={saved?.has(r.value)} onChange={(e) => change(r.at, { value: e.target.value })} aria-label={t('setup.choice_code')} className="code" />
            {parents && <Select size="small" allowClear value={r.parent ?? undefined} onChange={(v?: string) => change(r.at, { parent: v })} options={parents.map((p) => ({ value: p.value, label: nameOf(p) }))} aria-label={t('setup.parent')} showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={180} />}
            <Dropdown trigger={['click']} menu={{ items: [
              saved?.has(r.value)
                ? { key: 'retire', label: r.retired ? t('setup.unretire') : t('setup.retire'), onClick: () => change(r.at, { retired: !r.retired }) }
                : { key: 'drop', label: t('action.delete'), onClick: () => put(rows.filter((x) => x.at !== r.at)) },
            ] }}>
              <button type="button" className="ib sm" aria-label={t('setup.more_of', { name: nameOf(r) })}><Ellipsis size={14} strokeWidth={1.75} aria-hidden /></button>
            </Dropdown>
          </>
        )}
      </SortableList>
      <Button type="text" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => put([...rows, { value: '', at: Math.max(-1, ...known) + 1 }])}>{t('setup.add_choice')}</Button>
      {error && <div className="err" role="alert">{error}</div>}
    </div>
  );
}
