import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useMemo } from 'react';
import { today } from '@/lib/dates';
import type { InputProps } from '../kit';
import { useDayCells } from './day-cell';

const FORMATS = ['YYYY-MM-DD', 'YYYY-M-D', 'YYYY/M/D', 'YYYY.M.D', 'YYYYMMDD'];

export function DateInput({ field, value, onChange, id, invalid, autoFocus, openAtOnce, describedBy }: InputProps) {
  const now = useMemo(() => (value ? dayjs(value as string) : null), [value]); // a new object would take back what is being typed
  const cells = useDayCells(now);
  return (
    <DatePicker id={id} value={now} onChange={(d) => onChange(d ? d.format('YYYY-MM-DD') : null)} format={FORMATS} defaultOpen={openAtOnce}
      onOpenChange={(open) => cells.onOpenChange(open, dayjs(today()))} onPanelChange={cells.onPanelChange} cellRender={cells.cellRender}
      status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-required={field.required} aria-describedby={describedBy} />
  );
}
