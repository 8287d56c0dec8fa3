// Tabs inside a form or a panel: arrows go from one to the next; a mark says that something in a tab needs to be looked at.
import './tab-row.css';
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';

interface Props { names: string[]; at: number; marked?: number[]; markText?: string; label: string; onChange: (at: number) => void; children: ReactNode }

export function TabRow({ names, at, marked = [], markText, label, onChange, children }: Props) {
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  const keys = (e: KeyboardEvent) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[e.key];
    if (to === undefined || !names[to]) return;
    e.preventDefault();
    e.stopPropagation();
    onChange(to);
    row.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
  };
  return (
    <>
      <div className="tab-row" role="tablist" aria-label={label} ref={row} onKeyDown={keys}>
        {names.map((name, i) => <button key={i} type="button" role="tab" id={`${id}${i}`} aria-selected={i === at} aria-controls={`${id}panel`} tabIndex={i === at ? 0 : -1} className={i === at ? 'on' : ''} onClick={() => onChange(i)}>{name}{marked.includes(i) && <span className="tab-mark" role="img" aria-label={markText} />}</button>)}
      </div>
      <div role="tabpanel" id={`${id}panel`} aria-labelledby={`${id}${at}`}>{children}</div>
    </>
  );
}
