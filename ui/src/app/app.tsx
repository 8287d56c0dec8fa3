// Providers from the outside in: query cache, look, session, catalogue, live stream, routes.
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { BrowserRouter } from 'react-router';
import { ToastRegion } from '@/components/toast';
import { onSignedOut, setRequestLanguage } from '@/lib/api';
import { language, loadLanguage } from '@/lib/i18n';
import { usePrefs } from '@/lib/prefs';
import { makeQueryClient } from '@/lib/query-client';
import { meKey } from '@/lib/session';
import { Look } from './look';
import { SessionGate } from './session-gate';

const client = makeQueryClient();
onSignedOut(() => client.setQueryData(meKey, null));

/** The language whose messages are loaded; lags behind the preference by one chunk. */
function useLoadedLanguage(): string {
  const { language: wanted } = usePrefs();
  const [loaded, setLoaded] = useState<string>(language());
  useEffect(() => {
    if (wanted === loaded) return;
    void loadLanguage(wanted).then(() => {
      setRequestLanguage(wanted);
      setLoaded(wanted);
      void client.invalidateQueries();
    });
  }, [wanted, loaded]);
  return loaded;
}

export function App() {
  const loaded = useLoadedLanguage();
  return (
    <QueryClientProvider client={client}>
      <Look key={loaded} language={loaded}>
        <BrowserRouter><SessionGate /></BrowserRouter>
        <ToastRegion />
      </Look>
    </QueryClientProvider>
  );
}
