// The states every page has besides its content: empty, no right, error. One glyph, one sentence, one way on.
import type { LucideIcon } from 'lucide-react';
import { CloudAlert, MapPinOff, Unlink } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'antd';
import { copyText } from './copy';
import { ApiProblem } from '@/lib/api';
import { t } from '@/lib/i18n';

interface Props { icon: LucideIcon; title: string; text?: ReactNode; danger?: boolean; children?: ReactNode }

export function PageState({ icon: Icon, title, text, danger, children }: Props) {
  return (
    <div className="mid" role={danger ? 'alert' : undefined}>
      <span className={danger ? 'glyph d' : 'glyph'}><Icon size={22} strokeWidth={1.75} aria-hidden /></span>
      <div className="title">{title}</div>
      {text && <p>{text}</p>}
      {children && <div className="row">{children}</div>}
    </div>
  );
}

export function failureText(error: unknown): string {
  if (error instanceof ApiProblem && error.status === 0) return t('error.offline');
  return error instanceof Error && error.message ? error.message : t('error.unknown');
}

export function ErrorState({ error, title, onRetry }: { error: unknown; title: string; onRetry?: () => void }) {
  const number = error instanceof ApiProblem ? error.requestId : '';
  return (
    <PageState icon={CloudAlert} title={title} text={failureText(error)} danger>
      {onRetry && <Button type="primary" onClick={onRetry}>{t('action.retry')}</Button>}
      {number && <Button type="text" onClick={() => void copyText(number)}>{t('error.copy_number', { number: number.slice(0, 12) })}</Button>}
    </PageState>
  );
}

/** What one may not see looks as if it did not exist. */
export function NoRightState({ onBack }: { onBack?: () => void }) {
  return (
    <PageState icon={Unlink} title={t('state.not_found')} text={t('state.not_found_text')}>
      {onBack && <Button onClick={onBack}>{t('action.back_to_list')}</Button>}
      <Button type="text" onClick={() => void copyText(location.href)}>{t('action.copy_link')}</Button>
    </PageState>
  );
}

/** An address that leads nowhere: unlike a record that is gone, there is nothing to wait or ask for. */
export function PageNotFoundState({ children }: { children?: ReactNode }) {
  return <PageState icon={MapPinOff} title={t('state.no_page')} text={t('state.no_page_text')}>{children}</PageState>;
}

export const isNoRight = (error: unknown): boolean => error instanceof ApiProblem && [403, 404, 410].includes(error.status);
