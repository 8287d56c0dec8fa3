// Ctrl K: records by name across objects, places, things to create.
import { CornerDownLeft, ListFilter, Plus, Search } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { Kbd } from '@/components/kbd';
import { iconOf } from '@/components/icons';
import { failureText } from '@/components/state';
import { serverMs } from '@/lib/api';
import { t } from '@/lib/i18n';
import { usePaletteItems, type PaletteItem, type Ranges } from './use-palette-items';

/** Ranges count code points, as the server does. */
function Marked({ text, ranges }: { text: string; ranges?: Ranges }) {
  if (!ranges?.length) return text;
  const chars = [...text];
  const parts = [...ranges].sort((a, b) => a[0] - b[0]).reduce<{ at: number; out: (string | { mark: string })[] }>(({ at, out }, [from, to]) => (from < at ? { at, out } : { at: to, out: [...out, chars.slice(at, from).join(''), { mark: chars.slice(from, to).join('') }] }), { at: 0, out: [] });
  return <>{[...parts.out, chars.slice(parts.at).join('')].map((p, i) => (typeof p === 'string' ? p : <mark key={i}>{p.mark}</mark>))}</>;
}

function Hit({ item, on, onPick, onPoint }: { item: PaletteItem; on: boolean; onPick: () => void; onPoint: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const Icon = item.kind === 'create' ? Plus : item.kind === 'find' ? ListFilter : iconOf(item.icon);
  useEffect(() => { if (on) ref.current?.scrollIntoView({ block: 'nearest' }); }, [on]);
  return (
    <div ref={ref} className={on ? 'it on' : 'it'} role="option" aria-selected={on} onMouseMove={onPoint} onMouseDown={(e) => { e.preventDefault(); onPick(); }}>
      <span className="tile"><Icon size={16} strokeWidth={1.75} aria-hidden /></span><span className="cut"><Marked text={item.title} ranges={item.marks?.title} /></span>
      <span className="row cap soft"><span className="cut"><Marked text={item.note} ranges={item.marks?.note} /></span>{on && <Kbd>↵</Kbd>}</span>
    </div>
  );
}

export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const { groups, loading, error } = usePaletteItems(text);
  const ms = text.trim() ? serverMs('/search') : undefined;
  const flat = groups.flatMap((g) => g.items);
  const pick = (item: PaletteItem | undefined) => { if (!item) return; onClose(); void navigate(item.to); };
  const keys = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    if (e.key === 'Escape') onClose();
    if (e.key === 'Enter') pick(flat[at]);
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return;
    e.preventDefault();
    setAt((i) => Math.max(0, Math.min(flat.length - 1, i + (e.key === 'ArrowDown' ? 1 : -1))));
  };
  return (
    <>
      <div className="palette-scrim" onMouseDown={onClose} />
      <div className="palette" role="dialog" aria-modal aria-label={t('palette.open')} onKeyDown={keys}>
        <div className="q"><Search size={18} strokeWidth={1.75} className="muted" aria-hidden /><input autoFocus value={text} onChange={(e) => { setText(e.target.value); setAt(0); }} placeholder={t('palette.hint')} aria-label={t('palette.hint')} role="combobox" aria-expanded aria-controls="palette-hits" /><Kbd>Esc</Kbd></div>
        <div className="hits" role="listbox" id="palette-hits">
          {!!error && <div className="g wrong" role="alert">{failureText(error)}</div>}
          {groups.map((g) => (
            <div key={g.title} role="group" aria-label={g.title}><div className="g">{g.title}</div>{g.items.map((item) => <Hit key={item.key} item={item} on={flat[at] === item} onPoint={() => setAt(flat.indexOf(item))} onPick={() => pick(item)} />)}</div>
          ))}
          {!flat.length && <div className="g">{loading ? t('state.searching') : t('palette.none', { text })}</div>}
        </div>
        <div className="ft"><span className="row gap4"><Kbd>↑</Kbd><Kbd>↓</Kbd>{t('palette.move')}</span><span className="row gap4"><CornerDownLeft size={12} strokeWidth={1.75} aria-hidden />{t('palette.choose')}</span><span className="end cut">{t('palette.how')}{ms !== undefined && ` · ${t('count.ms', { n: Math.max(1, Math.round(ms)) })}`}</span></div>
      </div>
    </>
  );
}
