// To a day that one chooses.
import { DatePicker, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { today } from '@/lib/dates';
import { t } from '@/lib/i18n';

export default function PutOffDialog({ name, onDay, onClose }: { name: string; onDay: (day: string) => void; onClose: () => void }) {
  const [day, setDay] = useState<Dayjs | null>(null);
  return (
    <Modal open title={t('todo.put_off', { name })} onCancel={onClose} onOk={() => { if (day) onDay(day.format('YYYY-MM-DD')); }} okText={t('todo.put_off_short')} okButtonProps={{ disabled: !day }} cancelText={t('action.cancel')} width={360}>
      <label className="cap soft block" htmlFor="todo-day">{t('todo.to_day')}</label>
      <DatePicker id="todo-day" autoFocus value={day} onChange={setDay} disabledDate={(d) => d.isBefore(dayjs(today()), 'day')} style={{ width: '100%' }} />
    </Modal>
  );
}
