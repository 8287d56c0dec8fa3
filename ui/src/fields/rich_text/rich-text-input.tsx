// A small editor over contenteditable: the server makes what it yields harmless, and pasted text comes in plain.
import { Button } from 'antd';
import { Bold, Italic, Link2, List, ListOrdered, Underline, type LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { t } from '@/lib/i18n';
import type { InputProps } from '../kit';
import { htmlElements } from './html';

const TOOLS: { command: string; icon: LucideIcon; words: string }[] = [
  { command: 'bold', icon: Bold, words: 'rich.bold' }, { command: 'italic', icon: Italic, words: 'rich.italic' }, { command: 'underline', icon: Underline, words: 'rich.underline' },
  { command: 'insertUnorderedList', icon: List, words: 'rich.list' }, { command: 'insertOrderedList', icon: ListOrdered, words: 'rich.numbered' }, { command: 'createLink', icon: Link2, words: 'rich.link' },
];

export function RichTextInput({ field, value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const editor = useRef<HTMLDivElement>(null);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    const html = typeof value === 'string' ? value : '';
    if (!editor.current || shown.current === html) return;
    shown.current = html;
    editor.current.replaceChildren(...htmlElements(html));
  }, [value]);
  useEffect(() => { if (autoFocus) editor.current?.focus(); }, [autoFocus]);
  const told = () => {
    const html = editor.current?.textContent?.trim() || editor.current?.querySelector('img') ? editor.current!.innerHTML : '';
    shown.current = html;
    onChange(html || null);
  };
  const run = (command: string) => {
    const address = command === 'createLink' ? window.prompt(t('rich.address'), 'https://') : undefined;
    if (address === null) return;
    editor.current?.focus();
    document.execCommand(command, false, address);
    told();
  };
  const paste = (e: React.ClipboardEvent) => {
    e.preventDefault();
    document.execCommand('insertText', false, e.clipboardData.getData('text/plain'));
  };
  return (
    <div className={invalid ? 'rich-input invalid' : 'rich-input'}>
      <div className="row gap4" role="toolbar" aria-label={t('rich.tools')}>
        {TOOLS.map(({ command, icon: Icon, words }) => <Button key={command} type="text" size="small" icon={<Icon size={14} />} aria-label={t(words)} title={t(words)} onMouseDown={(e) => e.preventDefault()} onClick={() => run(command)} />)}
      </div>
      <div ref={editor} id={id} className="rich" contentEditable role="textbox" aria-multiline aria-required={field.required} aria-describedby={describedBy} onInput={told} onPaste={paste} suppressContentEditableWarning />
    </div>
  );
}
