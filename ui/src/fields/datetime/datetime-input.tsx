// The picker shows the user's zone, whatever the browser's is; the value is UTC.
import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { region } from '@/lib/region';
import type { InputProps } from '../kit';

export function DatetimeInput({ field, value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const zone = region().timeZone;
  return (
    <DatePicker id={id} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" value={value ? dayjs(value as string).tz(zone) : null}
      onChange={(d) => onChange(d ? dayjs.tz(d.format('YYYY-MM-DDTHH:mm:ss'), zone).toISOString() : null)} status={invalid ? 'error' : undefined}
      autoFocus={autoFocus} aria-required={field.required} aria-describedby={describedBy} />
  );
}
