// Ant Design's theme, words and CSP nonce.
import { ConfigProvider } from 'antd';
import type { Locale } from 'antd/es/locale';
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';
import { useEffect, useState, type ReactNode } from 'react';
import { resolvedTheme, usePrefs } from '@/lib/prefs';
import { antdTheme } from './theme';

dayjs.extend(utc);
dayjs.extend(timezone);

const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce;
const words: Record<string, () => Promise<Locale>> = {
  'zh-CN': async () => {
    const [words] = await Promise.all([import('antd/es/locale/zh_CN'), import('dayjs/locale/zh-cn')]);
    dayjs.locale('zh-cn');
    return words.default;
  },
  en: async () => {
    dayjs.locale('en');
    return (await import('antd/es/locale/en_US')).default;
  },
};

export function Look({ language, children }: { language: string; children: ReactNode }) {
  usePrefs();
  const [locale, setLocale] = useState<Locale>();
  useEffect(() => { void words[language]?.().then(setLocale); }, [language]);
  return (
    <ConfigProvider theme={antdTheme(resolvedTheme())} locale={locale} csp={nonce ? { nonce } : undefined} wave={{ disabled: true }} button={{ autoInsertSpace: false }}>
      {children}
    </ConfigProvider>
  );
}
