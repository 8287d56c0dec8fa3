// Nobody gets past here without a session and a catalogue; what is loading or broken is said in their place.
import { lazy, Suspense, useEffect, useState } from 'react';
import { ErrorState } from '@/components/state';
import { hasStoredLanguage, setPrefs } from '@/lib/prefs';
import { t } from '@/lib/i18n';
import { Live } from '@/lib/live';
import { CatalogueProvider, chooseLayouts, forgetMeta, useMetaQuery } from '@/lib/meta';
import { useMe } from '@/lib/session';
import { LiveContext } from '@/lib/use-live';
import { MeContext } from '@/lib/me';
import { AppRoutes } from './routes';

const SignIn = lazy(() => import('./sign-in/sign-in'));

/** What index.html shows until the program is there, at the same place. */
const Splash = () => <div className="splash" role="status" aria-label={t('state.loading')}><span className="seal">{t('app.seal')}</span></div>;

function useLiveStream(on: boolean): Live | null {
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    if (!on) return;
    const started = new Live();
    started.start();
    setLive(started);
    return () => { started.stop(); setLive(null); };
  }, [on]);
  return live;
}

export function SessionGate() {
  const me = useMe();
  const meta = useMetaQuery(me.data !== null);
  const live = useLiveStream(!!me.data);
  const wanted = me.data?.user.language;
  useEffect(() => {
    if (!hasStoredLanguage() && (wanted === 'zh-CN' || wanted === 'en')) setPrefs({ language: wanted });
  }, [wanted]);
  useEffect(() => { if (me.data === null) forgetMeta(); }, [me.data]);
  if (me.isError) return <div className="splash"><ErrorState error={me.error} title={t('error.start')} onRetry={() => void me.refetch()} /></div>;
  if (me.isPending) return <Splash />;
  if (!me.data) return <Suspense fallback={<Splash />}><SignIn /></Suspense>;
  if (meta.isError && !meta.data) return <div className="splash"><ErrorState error={meta.error} title={t('error.start')} onRetry={() => void meta.refetch()} /></div>;
  if (!meta.data) return <Splash />;
  chooseLayouts(meta.data, me.data.user.roles ?? []);
  return (
    <MeContext value={me.data}>
      <CatalogueProvider value={meta.data}>
        <LiveContext value={live}><AppRoutes /></LiveContext>
      </CatalogueProvider>
    </MeContext>
  );
}
