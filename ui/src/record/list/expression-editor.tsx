// The filter as text. What the server does not understand is shown at its character.
import { Button, Input } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import type { ApiProblem } from '@/lib/api';
import { t } from '@/lib/i18n';
import { aroundError, joinAnd } from '../filter/expression';

interface Props { filter: string; viewFilter: string; problem: ApiProblem | null; onApply: (text: string) => void; onClose: () => void }

function ErrorAt({ problem, asked, onSuggest }: { problem: ApiProblem; asked: string; onSuggest: (word: string, suggestion: string) => void }) {
  const first = problem.errors[0];
  const message = first?.message ?? problem.message;
  if (first?.at === undefined) return <div className="expr-error" role="alert">{message}</div>;
  const { before, there, after } = aroundError(asked, first.at);
  return <div className="expr-error" role="alert"><pre>{before}<span className="at">{there}</span>{after}</pre>{message}{first.suggestion && <> <button type="button" className="link-button" onClick={() => onSuggest(there, first.suggestion!)}>{t('filter.suggestion', { value: first.suggestion })}</button></>}</div>;
}

export function ExpressionEditor({ filter, viewFilter, problem, onApply, onClose }: Props) {
  const [text, setText] = useState(filter);
  /** The word is replaced where it last stands: the view's own filter comes before. */
  const suggest = (word: string, suggestion: string) => {
    const at = text.lastIndexOf(word);
    if (at >= 0) onApply(text.slice(0, at) + suggestion + text.slice(at + word.length));
  };
  const keys = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); onApply(text.trim()); }
    if (e.key === 'Escape') onClose();
  };
  return (
    <div className="expr-edit">
      <div className="line1">
        <Input.TextArea value={text} onChange={(e) => setText(e.target.value)} onKeyDown={keys} rows={1} className="growing" autoFocus spellCheck={false}
          status={problem && text === filter ? 'error' : undefined} aria-label={t('filter.expression')} placeholder={t('filter.example')} />
        <Button onClick={() => onApply(text.trim())}>{t('filter.apply')}</Button>
      </div>
      {problem && text === filter && <ErrorAt problem={problem} asked={joinAnd([viewFilter, filter])} onSuggest={suggest} />}
    </div>
  );
}
