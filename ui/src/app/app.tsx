// Providers from the outside in: query cache, look, session, catalogue, live stream, routes.
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { BrowserRouter } from 'react-router';
import { ToastRegion } from '@/components/toast';
import { onSignedOut, setRequestLanguage } from '@/lib/api';
import { setLanguage } from '@/lib/i18n';
import { usePrefs, type Language } from '@/lib/prefs';
import { makeQueryClient } from '@/lib/query-client';
import { forget } from '@/lib/session';
import { Look } from './look';
import { SessionGate } from './session-gate';

const client = makeQueryClient();
onSignedOut(() => forget(client));

/** A new language: words at once, what the server words again by reading. */
function useLanguage(): Language {
  const { language: wanted } = usePrefs();
  const [shown, setShown] = useState(wanted);
  useEffect(() => {
    if (wanted === shown) return;
    setLanguage(wanted);
    setRequestLanguage(wanted);
    setShown(wanted);
    void client.invalidateQueries();
  }, [wanted, shown]);
  return shown;
}

export function App() {
  const language = useLanguage();
  return (
    <QueryClientProvider client={client}>
      <Look key={language} language={language}>
        <BrowserRouter><SessionGate /></BrowserRouter>
        <ToastRegion />
      </Look>
    </QueryClientProvider>
  );
}
