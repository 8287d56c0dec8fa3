import type { InputProps } from '../kit';
import { GroupedInput } from './grouped-input';

export const NumberInput = ({ field, value, onChange, id, invalid, autoFocus, describedBy }: InputProps) => (
  <GroupedInput id={id} value={value === null || value === undefined ? '' : String(value)} onChange={onChange} invalid={invalid} autoFocus={autoFocus}
    required={field.required} describedBy={describedBy} plain={/(^|_)year$/.test(field.name)} suffix={field.type === 'percent' ? '%' : undefined} />
);
