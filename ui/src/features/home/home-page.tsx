// 工作台: what is due, today's calendar, own figures and deals, who lies idle. One request, cards as the reader's rights give them.
import '@/lib/home-words';
import { NotebookPen } from 'lucide-react';
import { Link } from 'react-router';
import { ErrorState } from '@/components/state';
import { BlockSkeleton } from '@/components/skeleton';
import { fullDay, today } from '@/lib/dates';
import { language, t } from '@/lib/i18n';
import { useSignedIn } from '@/lib/me';
import { mayRead, useCatalogue } from '@/lib/meta';
import { region } from '@/lib/region';
import { useShell } from '@/record/page/shell-context';
import { TopBar } from '@/record/page/top-bar';
import { useTitle } from '@/record/page/use-title';
import { Agenda } from './agenda';
import { countOf, type HomeAnswer, type HomeScope } from './api';
import { Figures } from './figures';
import { FirstSteps } from './first-steps';
import { Idle } from './idle';
import { lunarDay } from '@/lib/lunar';
import { Pipeline } from './pipeline';
import { Ranking } from './ranking';
import { Recent } from './recent';
import { Todos } from './todos';
import { setScope, useHome, useScope } from './use-home';

function greeting(name: string, now = new Date()): string {
  const hour = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: region().timeZone }).format(now));
  return t(`home.hello.${hour < 6 ? 'night' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'}`, { name });
}

/** Where somebody sees more than his own there is a choice. */
function useSeesMore(): boolean {
  const { byName } = useCatalogue();
  return ['opportunity', 'account'].some((n) => { const read = byName.get(n)?.rights?.read; return typeof read === 'object' || (typeof read === 'string' && !['none', 'own'].includes(read)); });
}

const SCOPES: HomeScope[] = ['mine', 'all'];

function ScopeSwitch({ scope }: { scope: HomeScope }) {
  if (!useSeesMore()) return null;
  return (
    <span className="scope" role="group" aria-label={t('home.scope')}>
      {SCOPES.map((s) => <button key={s} type="button" aria-pressed={s === scope} className={s === scope ? 'on' : ''} onClick={() => setScope(s)}>{t(`home.scope.${s}`)}</button>)}
    </span>
  );
}

/** To what everybody wrote today. */
function DayLink() {
  const followups = useCatalogue().byName.get('followup');
  if (!followups || !mayRead(followups)) return null;
  return <Link className="ib" to="/daily" aria-label={t('followup.day_title')} title={t('followup.day_title')}><NotebookPen size={18} strokeWidth={1.75} aria-hidden /></Link>;
}

function Cards({ home }: { home: HomeAnswer }) {
  const empty = !!home.cards.known && countOf(home.cards.known) === 0;
  return (
    <div className="grid12">
      {empty && <FirstSteps />}
      <Figures home={home} />
      <Todos home={home} />
      <Agenda home={home} />
      <Pipeline home={home} />
      {!empty && <Idle home={home} />}
      <Recent home={home} />
      <Ranking home={home} />
    </div>
  );
}

export default function HomePage() {
  const { user } = useSignedIn();
  const { phone } = useShell();
  const scope = useScope();
  const query = useHome(scope);
  const hello = greeting(user.name);
  useTitle(t('home.title'));
  return (
    <>
      <TopBar title={phone ? hello : t('home.title')} phone={<DayLink />}><DayLink /></TopBar>
      <div className="home">
        <div className="home-head">
          <h2 className={phone ? 'visually-hidden' : undefined}>{phone ? t('home.title') : hello}</h2>
          <span className="row gap12 soft"><span>{fullDay(today()).replace(/^\d+年| \d{4}/, '')}</span><span className="muted">{language() === 'zh-CN' && lunarDay()}</span><ScopeSwitch scope={scope} /></span>
        </div>
        {query.isError && !query.data && <ErrorState error={query.error} title={t('home.failed')} onRetry={() => void query.refetch()} />}
        {query.isPending && <BlockSkeleton lines={10} />}
        {query.data && <Cards home={query.data} />}
      </div>
    </>
  );
}
