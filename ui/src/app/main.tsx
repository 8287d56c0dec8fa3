// Entry: preferences and language first, then the application.
import { createRoot } from 'react-dom/client';
import { setLanguage } from '@/lib/i18n';
import { nonceForStyles } from '@/lib/csp';
import { setRequestLanguage } from '@/lib/api';
import { applyPrefs, getPrefs, watchSystemTheme } from '@/lib/prefs';
import { startKeeping } from '@/lib/offline/keeper';
import { App } from './app';
import '@/styles/fonts.css';
import '@/styles/tokens.css';
import '@/styles/base.css';
import '@/styles/frame.css';
import '@/styles/list.css';
import '@/styles/record.css';
import '@/styles/board.css';
import '@/styles/setup.css';
import '@/styles/phone.css';
import '@/styles/home.css';

nonceForStyles();
applyPrefs();
watchSystemTheme();
setRequestLanguage(getPrefs().language);
setLanguage(getPrefs().language);
startKeeping();
createRoot(document.getElementById('root')!).render(<App />);
