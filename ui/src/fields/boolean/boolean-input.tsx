import { Switch } from 'antd';
import { t } from '@/lib/i18n';
import type { InputProps } from '../kit';

export const BooleanInput = ({ value, onChange, id, autoFocus, describedBy }: InputProps) => (
  <div className="static row"><Switch id={id} size="small" checked={value === true} onChange={onChange} autoFocus={autoFocus} aria-describedby={describedBy} />{value ? t('value.yes') : t('value.no')}</div>
);
