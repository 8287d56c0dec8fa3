// Me: language, theme, density, sign-out. The language is also kept with the user, so that mails and errors follow it.
import { useQueryClient } from '@tanstack/react-query';
import { Dropdown, type MenuProps } from 'antd';
import { Check, Glasses, ListChecks, LogOut } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { Avatar } from '@/components/avatar';
import { t } from '@/lib/i18n';
import { maySystem, useSignedIn } from '@/lib/me';
import { stopKeeping } from '@/lib/offline/keeper';
import { setPrefs, usePrefs, type Density, type Language, type Theme } from '@/lib/prefs';
import { saveLanguage, signOut } from '@/lib/session';

const ViewAsDialog = lazy(() => import('../access/view-as-dialog'));

const THEMES: Theme[] = ['light', 'dark', 'system'];
const DENSITIES: Density[] = ['compact', 'default', 'comfortable'];
const LANGUAGES: Language[] = ['zh-CN', 'en'];
const mark = (on: boolean) => (on ? <Check size={14} strokeWidth={1.75} /> : <span className="blank" />);

export function UserMenu({ size }: { size: number }) {
  const { user, rights, viewed_by: viewer } = useSignedIn();
  const [looking, setLooking] = useState(false);
  const { theme, density, language, offline } = usePrefs();
  const client = useQueryClient();
  const navigate = useNavigate();
  const chooseLanguage = (next: Language) => {
    setPrefs({ language: next });
    void saveLanguage(next);
  };
  const chooseOffline = () => {
    setPrefs({ offline: !offline });
    if (offline) void stopKeeping().catch(() => {});
  };
  const items: MenuProps['items'] = [
    { key: 'me', type: 'group', label: <span><b className="ink">{user.name}</b> · {user.login}</span> },
    { type: 'divider' },
    { key: 'language', type: 'group', label: t('prefs.language'), children: LANGUAGES.map((l) => ({ key: l, icon: mark(l === language), label: <span lang={l}>{t(`prefs.language.${l}`)}</span>, onClick: () => chooseLanguage(l) })) },
    { key: 'theme', type: 'group', label: t('prefs.theme'), children: THEMES.map((x) => ({ key: x, icon: mark(x === theme), label: t(`prefs.theme.${x}`), onClick: () => setPrefs({ theme: x }) })) },
    { key: 'density', type: 'group', label: t('prefs.density'), children: DENSITIES.map((x) => ({ key: `d-${x}`, icon: mark(x === density), label: t(`prefs.density.${x}`), onClick: () => setPrefs({ density: x }) })) },
    { type: 'divider' },
    { key: 'offline', icon: mark(offline), label: t('prefs.offline'), onClick: chooseOffline },
    { key: 'jobs', icon: <ListChecks size={14} strokeWidth={1.75} />, label: t('job.title'), onClick: () => void navigate('/jobs') },
    ...(maySystem(rights.system, 'view_as') && !viewer ? [{ key: 'view-as', icon: <Glasses size={14} strokeWidth={1.75} />, label: t('view_as.open'), onClick: () => setLooking(true) }] : []),
    { key: 'out', icon: <LogOut size={14} strokeWidth={1.75} />, label: t('session.sign_out'), onClick: () => void signOut(client) },
  ];
  return (
    <>
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight" classNames={{ root: 'user-menu' }}>
        <button type="button" className="me" aria-label={t('prefs.me', { name: user.name })}><Avatar name={user.name} seed={user.id} size={size} /></button>
      </Dropdown>
      {looking && <Suspense><ViewAsDialog onClose={() => setLooking(false)} /></Suspense>}
    </>
  );
}
