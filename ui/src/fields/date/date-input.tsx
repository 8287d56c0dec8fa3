import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import type { InputProps } from '../kit';

const FORMATS = ['YYYY-MM-DD', 'YYYY-M-D', 'YYYY/M/D', 'YYYY.M.D', 'YYYYMMDD'];

export const DateInput = ({ field, value, onChange, id, invalid, autoFocus, openAtOnce, describedBy }: InputProps) => (
  <DatePicker id={id} value={value ? dayjs(value as string) : null} onChange={(d) => onChange(d ? d.format('YYYY-MM-DD') : null)} format={FORMATS} defaultOpen={openAtOnce}
    status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-required={field.required} aria-describedby={describedBy} />
);
