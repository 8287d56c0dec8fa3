// "/" searches the list at hand: Han, pinyin, parts of numbers; where an object has no searched field, its title.
import { Input, type InputRef } from 'antd';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useDebounced } from '@/fields/link/use-candidates';
import { useKeys } from '@/lib/keyboard';

const WAIT = 250;

export function FindBox({ find, onFind, label }: { find: string; onFind: (text: string) => void; label: string }) {
  const [text, setText] = useState(find);
  const ref = useRef<InputRef>(null);
  const late = useDebounced(text.trim(), WAIT);
  const latest = useRef({ find, onFind });
  useEffect(() => { latest.current = { find, onFind }; });
  useEffect(() => { if (late !== latest.current.find) latest.current.onFind(late); }, [late]);
  useEffect(() => { if (!find) setText(''); }, [find]);
  useKeys({ '/': (e) => { e.preventDefault(); ref.current?.focus(); } });
  return (
    <Input ref={ref} size="small" className="find" value={text} onChange={(e) => setText(e.target.value)} allowClear prefix={<Search size={14} strokeWidth={1.75} className="muted" aria-hidden />}
      placeholder={label} aria-label={label} onKeyDown={(e) => { if (e.key === 'Escape') { setText(''); e.currentTarget.blur(); } }} />
  );
}
