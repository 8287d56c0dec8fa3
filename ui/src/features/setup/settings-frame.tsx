// The frame of all settings: where one is at the left (a strip on the phone), the page beside it.
import { ChevronRight } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { NavLink, useLocation } from 'react-router';
import '@/lib/access-words';
import '@/lib/settings-words';
import '@/styles/settings.css';
import { NoRightState } from '@/components/state';
import { t } from '@/lib/i18n';
import { TopBar } from '@/record/page/top-bar';
import { useTitle } from '@/record/page/use-title';
import { usePlaces } from './places';

interface Props { title: ReactNode; name: string; crumb?: string; crumbs?: ReactNode; may?: boolean; actions?: ReactNode; nav?: ReactNode; children: ReactNode }

const Chevron = () => <ChevronRight size={14} strokeWidth={1.75} aria-hidden />;

/** On the phone the places are a strip: the one that is open is brought into it. */
function useStripAt() {
  const strip = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    const [nav, on] = [strip.current, strip.current?.querySelector<HTMLElement>('a.on')];
    if (nav && on && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = on.offsetLeft - (nav.clientWidth - on.offsetWidth) / 2;
  }, [pathname]);
  return strip;
}

export function SettingsFrame({ title, name, crumb, crumbs, may = true, actions, nav, children }: Props) {
  const groups = usePlaces();
  const strip = useStripAt();
  useTitle(may ? name : t('setup.title'));
  if (!may) return <><TopBar title={t('setup.title')} /><div className="sheet"><NoRightState /></div></>;
  return (
    <>
      <TopBar title={<><span className="crumb">{t('setup.title')}<Chevron />{crumb && <>{crumb}<Chevron /></>}{crumbs}{crumbs && <Chevron />}</span>{title}</>} phone={actions}>{actions}</TopBar>
      <div className="set">
        <nav className="set-nav" ref={strip} aria-label={t('setup.title')}>
          {groups.map((g) => (
            <div key={g.label} className="set-group">
              <div className="group">{g.label}</div>
              {g.places.map((p) => <NavLink key={p.to} to={p.to} className={({ isActive }) => (isActive ? 'on cut' : 'cut')}>{p.label}</NavLink>)}
            </div>
          ))}
          {nav}
        </nav>
        <div className="sheet">{children}</div>
      </div>
    </>
  );
}
