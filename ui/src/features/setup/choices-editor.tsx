// Choices of a new field: words and a code that stays for ever.
import { Button, Input } from 'antd';
import { Plus, X } from 'lucide-react';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import type { Choice } from '@/lib/types';

export function ChoicesEditor({ choices, error, onChange }: { choices: Choice[]; error?: string; onChange: (choices: Choice[]) => void }) {
  const change = (at: number, part: Partial<Choice>) => onChange(choices.map((c, i) => (i === at ? { ...c, ...part } : c)));
  return (
    <div className={error ? 'ff bad' : 'ff'}>
      <div className="lab">{t('setup.choices')}</div>
      {choices.map((c, i) => (
        <div className="choice-row" key={i}>
          <Input value={c.label?.['zh-CN'] ?? ''} onChange={(e) => change(i, { label: { ...c.label, 'zh-CN': e.target.value } })} placeholder={t('setup.choice_words')} aria-label={t('setup.choice_words')} />
          <Input value={c.value} onChange={(e) => change(i, { value: e.target.value })} placeholder={t('setup.choice_code')} aria-label={t('setup.choice_code')} className="code" />
          <IconButton icon={X} label={t('action.delete')} onClick={() => onChange(choices.filter((_, j) => j !== i))} />
        </div>
      ))}
      <Button type="text" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => onChange([...choices, { value: '' }])}>{t('setup.add_choice')}</Button>
      {error && <div className="err" role="alert">{error}</div>}
    </div>
  );
}
