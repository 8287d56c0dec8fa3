// Routes are generic: /{plural}, its board, its import, a record. The list comes with the entry, every other page is its own chunk; that of home is asked for at once where it is opened first.
import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { EarlyHome } from '@/features/home/early-home';
import { EarlyList } from '@/record/list/early-list';
import ListPage from '@/record/list/list-page';
import { NotFoundPage } from '@/record/page/not-found';
import { SlotsContext, type Slots } from '@/record/page/slots';
import { Shell } from './shell/shell';

const loadHome = () => import('@/features/home/home-page');
if (location.pathname === '/') void loadHome();

const HomePage = lazy(loadHome);
const BoardPage = lazy(() => import('@/record/board/board-page'));
const RecordPage = lazy(() => import('@/record/detail/record-page'));
const SettingsRoutes = lazy(() => import('@/features/setup/settings-routes'));
const FollowupDayPage = lazy(() => import('@/features/followup/day-page'));
const FiguresPage = lazy(() => import('@/features/figures/figures-page'));
const TodoPage = lazy(() => import('@/features/todo/todo-page'));
const CalendarPage = lazy(() => import('@/features/calendar/calendar-page'));
const Writing = lazy(() => import('./writing'));
const CommentEntry = lazy(() => import('@/features/comment/comment-entry'));
const JobsPage = lazy(() => import('@/features/jobs/jobs-page'));
const DuplicatesPage = lazy(() => import('@/record/duplicates/duplicates-page'));
const NearbyPage = lazy(() => import('@/features/nearby/nearby-page'));
const PlanVisits = lazy(() => import('@/features/nearby/plan-act'));
const ImportPage = lazy(() => import('@/record/import/import-page'));

/** Behind what the page itself asks for. */
const BELL_AFTER_MS = 1500;
const Bell = lazy(async () => { await new Promise((done) => setTimeout(done, BELL_AFTER_MS)); return import('@/features/messages/bell'); });

const slots: Slots = { bell: Bell, aboveTimeline: Writing, withChosen: PlanVisits, timelineEntries: { comment: CommentEntry } };

export function AppRoutes() {
  return (
    <SlotsContext value={slots}>
      <EarlyList />
      <EarlyHome />
      <Shell>
        <Suspense fallback={<TableSkeleton />}>
          <Routes>
            <Route path="/" element={<HomePage />} />
            <Route path="/settings/*" element={<SettingsRoutes />} />
            <Route path="/jobs" element={<JobsPage />} />
            <Route path="/daily" element={<FollowupDayPage />} />
            <Route path="/figures" element={<FiguresPage />} />
            <Route path="/todo" element={<TodoPage />} />
            <Route path="/calendar" element={<CalendarPage />} />
            <Route path="/:plural" element={<ListPage />} />
            <Route path="/:plural/board" element={<BoardPage />} />
            <Route path="/:plural/import" element={<ImportPage />} />
            <Route path="/:plural/duplicates" element={<DuplicatesPage />} />
            <Route path="/:plural/nearby" element={<NearbyPage />} />
            <Route path="/:plural/:id" element={<RecordPage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Routes>
        </Suspense>
      </Shell>
    </SlotsContext>
  );
}
