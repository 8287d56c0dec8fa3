import { CalendarDays, ChartColumn, ChevronDown, ChevronRight, ChevronsLeft, ChevronsRight, House, ListTodo, Settings, Star, type LucideIcon } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { NavLink, useLocation } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { iconOf } from '@/components/icons';
import { t } from '@/lib/i18n';
import { mayRead, objectLabel, pluralLabel, useCatalogue } from '@/lib/meta';
import { maySettings, useSignedIn } from '@/lib/me';
import { setPrefs } from '@/lib/prefs';
import type { ObjectMeta } from '@/lib/types';
import { useMarks } from '@/record/data/use-marks';
import { menuOf, type MenuGroup } from './menu';

function Item({ object, narrow }: { object: ObjectMeta; narrow: boolean }) {
  const Icon = iconOf(object.icon ?? object.object);
  const name = pluralLabel(object);
  return (
    <NavLink to={`/${object.plural}`} className={({ isActive }) => (isActive ? 'on' : '')} title={narrow ? name : objectLabel(object)} aria-label={name}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />{!narrow && <span className="cut">{name}</span>}
    </NavLink>
  );
}

/** A closed group opens by its head, and by itself on a page of its own. */
function Group({ group, narrow, first }: { group: MenuGroup; narrow: boolean; first: boolean }) {
  const { pathname } = useLocation();
  const here = group.objects.some((o) => pathname.split('/')[1] === o.plural);
  const [open, setOpen] = useState(false);
  const shown = !group.closed || open || here;
  if (narrow && !shown) return null;
  const items = shown && group.objects.map((object) => <Item key={object.object} object={object} narrow={narrow} />);
  if (narrow) return <>{!first && <hr />}{items}</>;
  return (
    <>
      {group.closed
        ? <button type="button" className="group fold" aria-expanded={shown} onClick={() => setOpen(!open)}>{group.label}{shown ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}</button>
        : <div className="group">{group.label}</div>}
      {items}
    </>
  );
}

const FAVOURITES = 12;

/** What a person keeps at hand, newest first. */
function Favourites() {
  const { byName } = useCatalogue();
  const shown = useMarks().favourite.flatMap((mark) => { const object = byName.get(mark.object); return object ? [{ mark, object }] : []; });
  if (!shown.length) return null;
  return (
    <div>
      <div className="group">{t('mark.favourites')}</div>
      {shown.slice(0, FAVOURITES).map(({ mark, object }) => <NavLink key={mark.id} to={`/${object.plural}/${mark.id}`} className={({ isActive }) => (isActive ? 'on' : '')} title={mark.title}><Star size={16} strokeWidth={1.75} aria-hidden /><span className="cut">{mark.title}</span></NavLink>)}
    </div>
  );
}

/** Behind what the page itself asks for, and behind the bell. */
const COUNT_AFTER_MS = 4000;
const TodoCount = lazy(async () => { await new Promise((done) => setTimeout(done, COUNT_AFTER_MS)); return import('@/features/todo/todo-count'); });

/** A page of the day: not an object's. */
function Place({ to, icon: Icon, words, narrow, children }: { to: string; icon: LucideIcon; words: string; narrow: boolean; children?: ReactNode }) {
  return <NavLink to={to} end className={({ isActive }) => (isActive ? 'on' : '')} title={words}><Icon size={16} strokeWidth={1.75} aria-hidden /><span className={narrow ? 'visually-hidden' : 'cut'}>{words}</span>{children}</NavLink>;
}

export function Sidebar({ narrow }: { narrow: boolean }) {
  const { meta } = useCatalogue();
  const { organisation, rights } = useSignedIn();
  const groups = menuOf(meta.objects.filter(mayRead));
  return (
    <aside className="side">
      <div className="brand"><span className="seal">{t('app.seal')}</span>{!narrow && <b className="cut" title={organisation.name}>{organisation.name || t('app.name')}</b>}</div>
      <nav aria-label={t('nav.main')}>
        <Place to="/" icon={House} words={t('nav.home')} narrow={narrow} />
        <Place to="/todo" icon={ListTodo} words={t('nav.todo')} narrow={narrow}><Suspense><TodoCount /></Suspense></Place>
        <Place to="/calendar" icon={CalendarDays} words={t('nav.calendar')} narrow={narrow} />
        <Place to="/figures" icon={ChartColumn} words={t('nav.figures')} narrow={narrow} />
        {groups.map((group, i) => (
          <div key={group.area}>
            <Group group={group} narrow={narrow} first={i === 0} />
          </div>
        ))}
        {!narrow && <Favourites />}
      </nav>
      <div className="foot">
        {maySettings(rights.system) && <NavLink to="/settings" className={({ isActive }) => (isActive ? 'on' : '')} aria-label={t('setup.title')} title={t('setup.title')}><Settings size={16} strokeWidth={1.75} aria-hidden />{!narrow && <span>{t('setup.title')}</span>}</NavLink>}
        <IconButton icon={narrow ? ChevronsRight : ChevronsLeft} label={narrow ? t('nav.expand') : t('nav.collapse')} onClick={() => setPrefs({ narrow: !narrow })} />
      </div>
    </aside>
  );
}
