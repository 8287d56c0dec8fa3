// Phone: four places and one +. The last place holds everything else.
import { Drawer } from 'antd';
import { CalendarDays, ChartColumn, House, ListTodo, Menu, Plus, Settings } from 'lucide-react';
import { useState } from 'react';
import { NavLink, useLocation, useNavigate } from 'react-router';
import { iconOf, showsFirms, showsPeople } from '@/components/icons';
import { t } from '@/lib/i18n';
import { hasTrait, mayCreate, mayRead, pluralLabel, useCatalogue } from '@/lib/meta';
import { maySettings, useSignedIn } from '@/lib/me';
import type { ObjectMeta } from '@/lib/types';
import { menuOf } from './menu';

function Place({ object }: { object: ObjectMeta }) {
  const Icon = iconOf(object.icon ?? object.object);
  return <NavLink to={`/${object.plural}`} className={({ isActive }) => (isActive ? 'on' : '')}><Icon size={22} strokeWidth={1.75} aria-hidden />{pluralLabel(object)}</NavLink>;
}

/** Firms and deals where there are any, else what stands first in the menu: two places beside home, + and the rest. */
function placesOf(objects: ObjectMeta[]): ObjectMeta[] {
  const worked = objects.filter((o) => hasTrait(o, 'followed') && hasTrait(o, 'owned'));
  const firm = worked.find((o) => showsFirms(o.icon));
  const others = (firm ? [firm, ...worked.filter((o) => o !== firm && !hasTrait(o, 'pooled') && !showsPeople(o.icon))] : worked);
  return [...others, ...objects.filter((o) => !others.includes(o))].slice(0, 2);
}

export default function PhoneBar() {
  const { meta, byPlural } = useCatalogue();
  const { rights } = useSignedIn();
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const groups = menuOf(meta.objects.filter(mayRead));
  const places = placesOf(groups.flatMap((g) => g.objects));
  const here = byPlural.get(pathname.split('/')[1] ?? '');
  const target = here && mayCreate(here) ? here : places[0];
  return (
    <nav className="tabbar" aria-label={t('nav.main')}>
      <NavLink to="/" end className={({ isActive }) => (isActive ? 'on' : '')}><House size={22} strokeWidth={1.75} aria-hidden />{t('nav.home')}</NavLink>
      {places.slice(0, 1).map((o) => <Place key={o.object} object={o} />)}
      <button type="button" className="plus" aria-label={t('action.new')} onClick={() => target && navigate(`/${target.plural}?new=1`)}><Plus size={24} strokeWidth={1.75} /></button>
      {places.slice(1, 2).map((o) => <Place key={o.object} object={o} />)}
      <button type="button" className="more" onClick={() => setOpen(true)}><Menu size={22} strokeWidth={1.75} aria-hidden />{t('nav.more')}</button>
      <Drawer open={open} onClose={() => setOpen(false)} placement="bottom" size="large" title={t('nav.main')} className="sheet-menu" closable={false}>
        <NavLink to="/todo" onClick={() => setOpen(false)} className="mitem"><ListTodo size={20} strokeWidth={1.75} aria-hidden />{t('nav.todo')}</NavLink>
        <NavLink to="/calendar" onClick={() => setOpen(false)} className="mitem"><CalendarDays size={20} strokeWidth={1.75} aria-hidden />{t('nav.calendar')}</NavLink>
        <NavLink to="/figures" onClick={() => setOpen(false)} className="mitem"><ChartColumn size={20} strokeWidth={1.75} aria-hidden />{t('nav.figures')}</NavLink>
        {groups.map((group) => (
          <div key={group.area}>
            <div className="group">{group.label}</div>
            {group.objects.map((o) => {
              const Icon = iconOf(o.icon ?? o.object);
              return <NavLink key={o.object} to={`/${o.plural}`} onClick={() => setOpen(false)} className="mitem"><Icon size={20} strokeWidth={1.75} aria-hidden />{pluralLabel(o)}</NavLink>;
            })}
          </div>
        ))}
        {maySettings(rights.system) && <NavLink to="/settings" onClick={() => setOpen(false)} className="mitem"><Settings size={20} strokeWidth={1.75} aria-hidden />{t('setup.title')}</NavLink>}
      </Drawer>
    </nav>
  );
}
