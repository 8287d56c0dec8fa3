// The picker shows the user's zone, whatever the browser's is; the value is UTC.
import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useMemo } from 'react';
import { today } from '@/lib/dates';
import { region } from '@/lib/region';
import { useDayCells } from '../date/day-cell';
import type { InputProps } from '../kit';

export function DatetimeInput({ field, value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const zone = region().timeZone;
  const now = useMemo(() => (value ? dayjs(value as string).tz(zone) : null), [value, zone]);
  const cells = useDayCells(now);
  return (
    <DatePicker id={id} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" value={now}
      onChange={(d) => onChange(d ? dayjs.tz(d.format('YYYY-MM-DDTHH:mm:ss'), zone).toISOString() : null)} onOpenChange={(open) => cells.onOpenChange(open, dayjs(today()))} onPanelChange={cells.onPanelChange} cellRender={cells.cellRender} status={invalid ? 'error' : undefined}
      autoFocus={autoFocus} aria-required={field.required} aria-describedby={describedBy} />
  );
}
