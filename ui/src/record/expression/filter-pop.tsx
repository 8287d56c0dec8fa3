// Conditions set above the list they narrow: nothing is asked before "apply".
import { Button } from 'antd';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import { ConditionEditor } from './condition-editor';

interface Props { object: ObjectMeta; start?: string; onApply: (text: string) => void; onClose: () => void }

export default function FilterPop({ object, start = '', onApply, onClose }: Props) {
  const [text, setText] = useState(start);
  return (
    <form className="cond-pop" onSubmit={(e) => { e.preventDefault(); onApply(text.trim()); }} onKeyDown={(e) => { if (e.key === 'Escape' && !e.nativeEvent.isComposing) onClose(); }}>
      <ConditionEditor object={object.object} value={text} onChange={setText} label={t('filter.title')} fresh={!start} rows={1} />
      <div className="foot"><Button onClick={onClose}>{t('action.cancel')}</Button><Button htmlType="submit" type="primary" disabled={!text.trim()}>{t('filter.apply')}</Button></div>
    </form>
  );
}
