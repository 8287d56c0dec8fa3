// Ant Design's theme, words and CSP nonce.
import { ConfigProvider } from 'antd';
import enUS from 'antd/es/locale/en_US';
import zhCN from 'antd/es/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';
import type { ReactNode } from 'react';
import { nonce } from '@/lib/csp';
import { resolvedTheme, usePrefs, type Language } from '@/lib/prefs';
import { KeepStyles } from './keep-styles';
import { antdTheme } from './theme';

dayjs.extend(utc);
dayjs.extend(timezone);

const words = { 'zh-CN': zhCN, en: enUS };

export function Look({ language, children }: { language: Language; children: ReactNode }) {
  usePrefs();
  dayjs.locale(language === 'en' ? 'en' : 'zh-cn');
  return (
    <ConfigProvider theme={antdTheme(resolvedTheme())} locale={words[language]} csp={nonce ? { nonce } : undefined} wave={{ disabled: true }} button={{ autoInsertSpace: false }}>
      {children}
      <KeepStyles />
    </ConfigProvider>
  );
}
