// A number as it is typed: digits are grouped at once, the caret keeps its place, the value stays an exact decimal string.
import { Input, type InputRef } from 'antd';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { groupDigits, parseDecimal } from '@/lib/numbers';

interface Props {
  value: string; onChange: (value: string) => void; id?: string; invalid?: boolean; autoFocus?: boolean; required?: boolean;
  describedBy?: string; prefix?: ReactNode; suffix?: ReactNode; plain?: boolean;
}

const significant = (text: string): number => text.replace(/[,\s]/g, '').length;

/** Where the caret stands after grouping: behind as many significant characters as before. */
export function caretAfter(text: string, count: number): number {
  let at = 0;
  for (let seen = 0; at < text.length && seen < count; at++) if (text[at] !== ',') seen++;
  return at;
}

export function GroupedInput({ value, onChange, id, invalid, autoFocus, required, describedBy, prefix, suffix, plain }: Props) {
  const ref = useRef<InputRef>(null);
  const caret = useRef<number | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (plain ? value : groupDigits(value));
  useLayoutEffect(() => {
    const input = ref.current?.input;
    if (caret.current === null || !input) return;
    const at = caretAfter(input.value, caret.current);
    input.setSelectionRange(at, at);
    caret.current = null;
  });
  const change = (text: string, at: number) => {
    const folded = text.normalize('NFKC').replace(/[。]/g, '.');
    caret.current = significant(folded.slice(0, at));
    const bare = folded.replace(/,/g, '');
    setTyped(plain ? bare : groupDigits(bare));
    onChange(parseDecimal(bare) ?? bare.trim());
  };
  return (
    <Input ref={ref} id={id} value={shown} inputMode="decimal" status={invalid ? 'error' : undefined} autoFocus={autoFocus} prefix={prefix} suffix={suffix} autoComplete="off"
      aria-required={required} aria-describedby={describedBy} onChange={(e) => change(e.target.value, e.target.selectionStart ?? e.target.value.length)} onBlur={() => setTyped(null)} />
  );
}
