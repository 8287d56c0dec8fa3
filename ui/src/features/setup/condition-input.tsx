// A condition as text: checked while one writes, what is wrong shown at its character, what may follow offered below.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { CircleCheck } from 'lucide-react';
import { useRef, useState } from 'react';
import { useDebounced } from '@/fields/link/use-candidates';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';
import type { FieldError } from '@/lib/types';
import { aroundError } from '@/record/filter/expression';

interface Completion { text: string; kind: string; label?: string }
interface Checked { ok: boolean; type?: string; error?: FieldError; from?: number; completions?: Completion[] }

const MAX = 8;
const check = (object: string, text: string, at: number, signal?: AbortSignal) => send<Checked>('POST', '/expressions/check', { body: { object, text, at }, signal });

function Wrong({ text, error, onSuggest }: { text: string; error: FieldError; onSuggest: (from: number, to: number, word: string) => void }) {
  if (error.at === undefined) return <div className="expr-error" role="alert">{error.message}</div>;
  const { before, there, after } = aroundError(text, error.at);
  const start = [...before].length;
  return (
    <div className="expr-error" role="alert">
      <pre>{before}<span className="at">{there}</span>{after}</pre>{error.message}
      {error.suggestion && <> <button type="button" className="link-button" onClick={() => onSuggest(start, start + [...there].length, error.suggestion!)}>{t('filter.suggestion', { value: error.suggestion })}</button></>}
    </div>
  );
}

interface Props { id: string; object: string; value: string; refused?: FieldError; example?: string; onChange: (text: string) => void }

/** `refused`: what the server said when it was asked to save this very text. */
export function ConditionInput({ id, object, value, refused, example, onChange }: Props) {
  const [at, setAt] = useState([...value].length);
  const box = useRef<HTMLDivElement>(null);
  const late = useDebounced(value, 250);
  const query = useQuery({ queryKey: ['expression', object, late, at], queryFn: ({ signal }) => check(object, late, Math.min(at, [...late].length), signal), enabled: !!object, placeholderData: keepPreviousData, staleTime: 60_000 });
  const told = query.data;
  const settled = late === value && !query.isPlaceholderData;
  const error = settled && value.trim() ? refused ?? told?.error : undefined;
  const put = (from: number, to: number, word: string) => {
    const points = [...value];
    const next = points.slice(0, from).join('') + word;
    setAt([...next].length);
    onChange(next + points.slice(to).join(''));
    box.current?.querySelector('textarea')?.focus();
  };
  const offered = settled ? (told?.completions ?? []).slice(0, MAX) : [];
  return (
    <div className="expr-input" ref={box}>
      <Input.TextArea id={id} value={value} rows={2} className="growing code" spellCheck={false} status={error ? 'error' : undefined} aria-describedby={`${id}-told`}
        onChange={(e) => { setAt([...e.target.value.slice(0, e.target.selectionStart)].length); onChange(e.target.value); }} onSelect={(e) => { const area = e.target as HTMLTextAreaElement; setAt([...area.value.slice(0, area.selectionStart)].length); }} placeholder={example ?? t('filter.example')} />
      <div id={`${id}-told`} aria-live="polite">
        {error && <Wrong text={value} error={error} onSuggest={put} />}
        {settled && told?.ok && value.trim() && !refused && <div className="row gap4 cap good"><CircleCheck size={14} strokeWidth={1.75} aria-hidden />{t('expression.ok')}</div>}
      </div>
      {offered.length > 0 && <div className="offers">{offered.map((c) => <button key={c.text} type="button" className="chip" onClick={() => put(told?.from ?? at, at, c.text)}><code>{c.text}</code>{c.label && <span className="cut">{c.label}</span>}</button>)}</div>}
    </div>
  );
}
