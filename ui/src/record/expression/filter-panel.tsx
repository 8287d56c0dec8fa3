// The whole filter of a list, as text or as rows, between the chips and the rows it means.
import { Button } from 'antd';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import type { ApiProblem } from '@/lib/api';
import type { ObjectMeta } from '@/lib/types';
import { ConditionEditor } from './condition-editor';

interface Props { object: ObjectMeta; filter: string; problem: ApiProblem | null; onApply: (text: string) => void; onClose: () => void }

export default function FilterPanel({ object, filter, problem, onApply, onClose }: Props) {
  const [text, setText] = useState(filter);
  return (
    <div className="expr-edit" onKeyDown={(e) => { if (e.key === 'Escape' && !e.nativeEvent.isComposing) onClose(); }}>
      <ConditionEditor object={object.object} value={text} onChange={setText} label={t('filter.title')} start="text" rows={1} error={problem && text === filter ? problem.errors[0]?.message ?? problem.message : undefined} onEnter={() => onApply(text.trim())} />
      <div className="foot"><Button size="small" type="primary" onClick={() => onApply(text.trim())}>{t('filter.apply')}</Button><Button size="small" onClick={onClose}>{t('action.cancel')}</Button></div>
    </div>
  );
}
