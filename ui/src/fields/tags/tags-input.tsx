import { Select } from 'antd';
import type { InputProps } from '../kit';
import { textsOf } from '../choices/choices';

/** Return, comma or 、 ends a tag. */
export const TagsInput = ({ value, onChange, id, invalid, autoFocus, describedBy }: InputProps) => (
  <Select mode="tags" id={id} value={textsOf(value)} onChange={onChange} tokenSeparators={[',', '，', '、', ';', '；', '|']} open={false} suffixIcon={null} status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-describedby={describedBy} />
);
