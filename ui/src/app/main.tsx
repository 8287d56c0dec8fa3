// Entry: language first (a small chunk), then the application.
import { createRoot } from 'react-dom/client';
import { loadLanguage } from '@/lib/i18n';
import { setRequestLanguage } from '@/lib/api';
import { applyPrefs, getPrefs, watchSystemTheme } from '@/lib/prefs';
import { App } from './app';
import '@/styles/fonts.css';
import '@/styles/tokens.css';
import '@/styles/base.css';
import '@/styles/frame.css';
import '@/styles/list.css';
import '@/styles/record.css';
import '@/styles/board.css';
import '@/styles/phone.css';

applyPrefs();
watchSystemTheme();
setRequestLanguage(getPrefs().language);
void loadLanguage(getPrefs().language).then(() => createRoot(document.getElementById('root')!).render(<App />));
