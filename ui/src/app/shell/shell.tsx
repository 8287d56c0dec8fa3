// The frame: sidebar, and beside it whatever page is open. Pages bring their own top bar so that title and primary button are theirs.
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { useKeys } from '@/lib/keyboard';
import { usePrefs } from '@/lib/prefs';
import { ShellContext } from '@/record/page/shell-context';
import { useMediaQuery } from '@/lib/media';
import { Offline } from './offline';
import { Sidebar } from './sidebar';
import { ViewAsBar } from './view-as-bar';

const PhoneBar = lazy(() => import('./phone-bar'));
const Palette = lazy(() => import('./palette'));
const KeyHelp = lazy(() => import('./key-help'));

function useNarrow(): boolean {
  const { narrow } = usePrefs();
  const small = useMediaQuery('(max-width: 1279px)');
  const { pathname } = useLocation();
  return narrow ?? (small || pathname.endsWith('/board') || pathname.startsWith('/settings'));
}

export function Shell({ children }: { children: ReactNode }) {
  const narrow = useNarrow();
  const phone = useMediaQuery('(max-width: 767px)');
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  useKeys({ 'mod+k': (e) => { e.preventDefault(); setPalette(true); }, '?': () => setHelp(true) });
  const frame = phone ? 'frame phone' : narrow ? 'frame narrow' : 'frame';
  return (
    <ShellContext value={{ openPalette: () => setPalette(true), openHelp: () => setHelp(true), phone }}>
      <div className={frame}>
        {!phone && <Sidebar narrow={narrow} />}
        <div className="main"><ViewAsBar /><Offline />{children}</div>
        {phone && <Suspense fallback={<nav className="tabbar" />}><PhoneBar /></Suspense>}
      </div>
      <Suspense>
        {palette && <Palette onClose={() => setPalette(false)} />}
        {help && <KeyHelp onClose={() => setHelp(false)} />}
      </Suspense>
    </ShellContext>
  );
}
