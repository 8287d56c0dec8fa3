// An expression as text: names and functions are completed, what is wrong is shown at its character, the
// type of the result is told, and what it gives for one record. The server checks; nothing is guessed here.
import './expression.css';
import { Input } from 'antd';
import { CircleCheck, CircleHelp } from 'lucide-react';
import { lazy, Suspense, useId, useRef, useState, type KeyboardEvent } from 'react';
import { IconButton } from '@/components/icon-button';
import '@/lib/filter-words';
import { hasMessage, t } from '@/lib/i18n';
import { aroundError } from '../filter/expression';
import type { Checked, Completion, Question } from './check-api';
import { accept, offersNow, typeWords } from './completion';
import { Sample } from './sample';
import { useCheck } from './use-check';

const Reference = lazy(() => import('./reference'));

interface Props {
  object: string; use: Question['use']; value: string; onChange: (text: string) => void; label: string; help?: string; error?: string; rows?: number;
  /** Offer a record to try it on. */
  sample?: boolean;
  id?: string;
  /** The label stands elsewhere and is only read out. */
  bare?: boolean;
  /** What Enter does instead of a new line. */
  onEnter?: () => void;
}

const KIND = (kind: string) => (hasMessage(`expr.kind_${kind}`) ? t(`expr.kind_${kind}`) : kind);

function Options({ id, all, at, onPick }: { id: string; all: Completion[]; at: number; onPick: (c: Completion) => void }) {
  return (
    <div className="completions" role="listbox" id={id} aria-label={t('expr.completions')}>
      {all.map((c, i) => (
        <div key={`${c.kind} ${c.text}`} id={`${id}-${i}`} role="option" aria-selected={i === at} className={i === at ? 'on' : ''} onMouseDown={(e) => { e.preventDefault(); onPick(c); }}>
          <code>{c.text}</code><span className="cut muted cap">{c.label ?? ''}</span><span className="muted cap">{c.type && hasMessage(`type.${c.type}`) ? t(`type.${c.type}`) : KIND(c.kind)}</span>
        </div>
      ))}
    </div>
  );
}

function Verdict({ checked, value, error, onSuggest }: { checked: Checked | undefined; value: string; error?: string; onSuggest: (from: number, word: string, to: string) => void }) {
  const wrong = checked && !checked.ok ? checked.error : undefined;
  if (wrong) {
    const place = wrong.at === undefined ? null : aroundError(value, wrong.at);
    return (
      <div className="expr-error" role="alert">
        {place && <pre>{place.before}<span className="at">{place.there}</span>{place.after}</pre>}
        {wrong.message}{wrong.suggestion && place && <> <button type="button" className="link-button" onClick={() => onSuggest(wrong.at!, place.there, wrong.suggestion!)}>{t('filter.suggestion', { value: wrong.suggestion })}</button></>}
      </div>
    );
  }
  if (error) return <div className="err" role="alert">{error}</div>;
  if (!checked?.ok) return null;
  return <div className="expr-ok"><CircleCheck size={14} strokeWidth={1.75} aria-hidden />{t('expr.gives', { type: typeWords(checked.type) })}</div>;
}

const Head = ({ id, label, bare, reference, onReference }: { id: string; label: string; bare?: boolean; reference: boolean; onReference: () => void }) => (
  <div className="row between"><label className={bare ? 'visually-hidden' : 'lab'} htmlFor={id}>{label}</label>{bare && <span />}<IconButton small icon={CircleHelp} label={t('expr.reference')} on={reference} onClick={onReference} /></div>
);

const Help = ({ text, shown }: { text?: string; shown: boolean }) => (text && shown ? <div className="help">{text}</div> : null);
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

export function ExpressionInput({ object, use, value, onChange, label, help, error, rows = 2, sample, id: given, bare, onEnter }: Props) {
  const own = useId();
  const id = given ?? own;
  const area = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const [open, setOpen] = useState(false);
  const [reference, setReference] = useState(false);
  const [record, setRecord] = useState<string>();
  const { checked, before } = useCheck({ object, use, text: value, at: cursor ?? undefined, record });
  const at = cursor ?? value.length;
  const all = open ? offersNow(checked, before, value, at) : [];
  const on = Math.min(chosen, all.length - 1);
  const input = () => area.current?.querySelector('textarea') ?? null;
  const place = (at: number) => requestAnimationFrame(() => { input()?.focus(); input()?.setSelectionRange(at, at); });
  const typed = (text: string, at: number) => { onChange(text); setCursor(at); setChosen(0); setOpen(true); };
  const pick = (c: Completion) => {
    const next = accept(value, checked?.from ?? at, at, c);
    typed(next.text, next.cursor);
    setOpen(c.kind === 'relation' || c.kind === 'function');
    place(next.cursor);
  };
  const insert = (text: string) => { typed(value.slice(0, at) + text + value.slice(at), at + text.length); setOpen(false); place(at + text.length); };
  const leave = (e: KeyboardEvent) => { if (onEnter && e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); onEnter(); } };
  const keys = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    if (!all.length) return leave(e);
    const step = STEPS[e.key];
    if (step) { e.preventDefault(); setChosen((on + step + all.length) % all.length); }
    if (e.key === 'Enter' || e.key === 'Tab') { e.preventDefault(); pick(all[on]!); }
    if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); setOpen(false); }
  };
  const bad = !!error || (checked && !checked.ok);
  return (
    <div className={bad ? 'ff wide bad' : 'ff wide'} ref={area}>
      <Head id={id} label={label} bare={bare} reference={reference} onReference={() => setReference(!reference)} />
      <div className="expr-box">
        <Input.TextArea id={id} value={value} rows={rows} spellCheck={false} className="code fits" status={bad ? 'error' : undefined} aria-autocomplete="list" aria-controls={all.length ? `${id}-list` : undefined}
          aria-activedescendant={all.length ? `${id}-list-${on}` : undefined} onChange={(e) => typed(e.target.value, e.target.selectionStart)} onKeyDown={keys} onBlur={() => setOpen(false)}
          onSelect={(e) => setCursor((e.target as HTMLTextAreaElement).selectionStart)} />
        {all.length > 0 && <Options id={`${id}-list`} all={all} at={on} onPick={pick} />}
      </div>
      <Verdict checked={value.trim() ? checked : undefined} value={value} error={error} onSuggest={(from, word, to) => { const next = value.slice(0, from) + to + value.slice(from + word.length); typed(next, from + to.length); setOpen(false); }} />
      <Help text={help} shown={!bad && !value.trim()} />
      {sample && <Sample object={object} record={record} onRecord={setRecord} checked={value.trim() ? checked : undefined} />}
      {reference && <Suspense><Reference onPick={insert} /></Suspense>}
    </div>
  );
}
