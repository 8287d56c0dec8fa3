// Pieces of setup forms: a labelled control with its error, two labels side by side.
import { Input } from 'antd';
import type { ReactNode } from 'react';
import { t } from '@/lib/i18n';
import type { Label } from '@/lib/types';

export function Labelled({ label, error, help, children }: { label: string; error?: string; help?: string; children: ReactNode }) {
  return (
    <div className={error ? 'ff bad' : 'ff'}>
      <label className="lab"><span>{label}</span>{children}</label>
      {error ? <div className="err" role="alert">{error}</div> : help && <div className="help">{help}</div>}
    </div>
  );
}

export function LabelPair({ value, error, onChange }: { value: Label; error?: string; onChange: (label: Label) => void }) {
  return (
    <div className="form-grid two">
      <Labelled label={t('setup.label_zh')} error={error}><Input value={value['zh-CN'] ?? ''} onChange={(e) => onChange({ ...value, 'zh-CN': e.target.value })} lang="zh-CN" autoFocus /></Labelled>
      <Labelled label={t('setup.label_en')}><Input value={value.en ?? ''} onChange={(e) => onChange({ ...value, en: e.target.value })} lang="en" /></Labelled>
    </div>
  );
}

/** Only what is filled: an empty label is no label. */
export const cleanLabel = (label: Label): Label => Object.fromEntries(Object.entries(label).map(([k, v]) => [k, v?.trim()]).filter(([, v]) => v));
