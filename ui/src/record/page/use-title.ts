import { useEffect } from 'react';
import { t } from '@/lib/i18n';

export function useTitle(title: string) {
  useEffect(() => { document.title = title ? `${title} · ${t('app.name')}` : t('app.name'); }, [title]);
}
