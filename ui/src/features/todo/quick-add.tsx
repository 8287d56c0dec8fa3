// A new to-do in one line: words in front say when.
import { Button } from 'antd';
import { Plus } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { newKey } from '@/lib/api';
import { formatInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import { touch } from '@/record/data/records';
import { create } from '@/record/data/save';
import { toastCreated } from '@/record/data/undo';
import { homeKey, todoKey } from '../home/api';
import { readLine } from './when';

export function QuickAdd({ object }: { object: ObjectMeta }) {
  const client = useQueryClient();
  const [line, setLine] = useState('');
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const meant = line.trim() ? readLine(line) : null;
  const add = async (e: FormEvent) => {
    e.preventDefault();
    if (!meant || busy) return;
    setBusy(true);
    const answer = await create(object, { subject: meant.subject, due_at: meant.at }, key.current);
    setBusy(false);
    if (answer.kind !== 'saved') { showFailure(answer.kind === 'invalid' ? answer.errors[0]?.message ?? answer.message : answer.kind === 'failed' ? failureText(answer.error) : t('error.unknown')); return; }
    key.current = newKey();
    setLine('');
    toastCreated(client, object, answer.record);
    touch(client, object.plural);
    await Promise.all([homeKey, todoKey].map((queryKey) => client.invalidateQueries({ queryKey })));
  };
  return (
    <form className="todo-add" onSubmit={(e) => void add(e)}>
      <Plus size={16} strokeWidth={1.75} className="muted" aria-hidden />
      <input value={line} onChange={(e) => { setLine(e.target.value); key.current = newKey(); }} placeholder={t('todo.add_hint')} aria-label={t('todo.add')} maxLength={200} />
      {meant && <span className="chip nw">{formatInstant(meant.at)}</span>}
      <Button size="small" type="primary" htmlType="submit" disabled={!meant} loading={busy}>{t('todo.add_short')}</Button>
    </form>
  );
}
