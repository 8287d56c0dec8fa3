import { Rate } from 'antd';
import type { InputProps } from '../kit';
import { most } from './rating';

export const RatingInput = ({ field, value, onChange, id, autoFocus }: InputProps) => (
  <span id={id}><Rate count={most(field.max)} value={typeof value === 'number' ? value : 0} onChange={(stars) => onChange(stars || null)} allowClear={!field.required} autoFocus={autoFocus} /></span>
);
