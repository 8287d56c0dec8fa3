// Pieces of setup forms: a labelled control with its error, two labels side by side, what went wrong.
import { Button, Input, Switch } from 'antd';
import { useId, type ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '@/lib/i18n';
import type { Label } from '@/lib/types';
import type { useSubmit } from './use-submit';

export function Labelled({ label, error, help, wide, children }: { label: string; error?: string; help?: ReactNode; wide?: boolean; children: ReactNode }) {
  return (
    <div className={`ff${error ? ' bad' : ''}${wide ? ' wide' : ''}`}>
      <label className="lab"><span>{label}</span>{children}</label>
      {error ? <div className="err" role="alert">{error}</div> : help && <div className="help">{help}</div>}
    </div>
  );
}

export function LabelPair({ value, error, onChange, zh = t('setup.label_zh'), en = t('setup.label_en'), focus = true }: { value: Label; error?: string; onChange: (label: Label) => void; zh?: string; en?: string; focus?: boolean }) {
  return (
    <div className="form-grid two">
      <Labelled label={zh} error={error}><Input value={value['zh-CN'] ?? ''} onChange={(e) => onChange({ ...value, 'zh-CN': e.target.value })} lang="zh-CN" autoFocus={focus} /></Labelled>
      <Labelled label={en}><Input value={value.en ?? ''} onChange={(e) => onChange({ ...value, en: e.target.value })} lang="en" /></Labelled>
    </div>
  );
}

export function SwitchRow({ label, help, error, checked, disabled, onChange }: { label: string; help?: string; error?: string; checked: boolean; disabled?: boolean; onChange: (on: boolean) => void }) {
  const id = useId();
  return (
    <div className={error ? 'switch-row bad' : 'switch-row'}>
      <span className="grow"><span>{label}</span>{help && <span className="muted cap" id={id}>{help}</span>}{error && <span className="err" role="alert">{error}</span>}</span>
      <Switch size="small" checked={checked} disabled={disabled} onChange={onChange} aria-label={label} aria-describedby={help ? id : undefined} />
    </div>
  );
}

/** What was refused as a whole, errors of fields that this form does not show, and the change of somebody else. */
export function Refusals({ of, shown = [] }: { of: ReturnType<typeof useSubmit>; shown?: string[] }) {
  const known = (field: string) => shown.includes(field.split(/[.[]/)[0]!);
  const rest = of.errors.filter((e) => !e.field || !known(e.field)).map((e) => (e.field ? `${e.field}: ${e.message}` : e.message));
  return (
    <>
      {of.stale && (
        <div className="banner warn" role="alert">
          <div className="grow">{of.stale}<div className="cap">{t('setup.stale_help')}</div></div>
          <Link to="/settings/changes" className="nw">{t('setup.stale_look')}</Link>
          <Button size="small" onClick={() => void of.reload()}>{t('setup.stale_theirs')}</Button>
          <Button size="small" onClick={() => void of.overwrite()}>{t('setup.stale_mine')}</Button>
        </div>
      )}
      {[...new Set([of.failure, ...rest])].filter(Boolean).map((text) => <div key={text} className="banner danger" role="alert"><div className="grow">{text}</div></div>)}
    </>
  );
}
