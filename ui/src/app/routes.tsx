// Routes are generic: /{plural}, its board, its import, a record. The list comes with the entry, every other page is its own chunk.
import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { EarlyList } from '@/record/list/early-list';
import ListPage from '@/record/list/list-page';
import { mayRead, useCatalogue } from '@/lib/meta';
import { menuOf } from './shell/menu';
import { Shell } from './shell/shell';

const BoardPage = lazy(() => import('@/record/board/board-page'));
const RecordPage = lazy(() => import('@/record/detail/record-page'));
const SetupPage = lazy(() => import('@/features/setup/setup-page'));
const JobsPage = lazy(() => import('@/features/jobs/jobs-page'));
const ImportPage = lazy(() => import('@/record/import/import-page'));

function Home() {
  const { meta } = useCatalogue();
  const first = menuOf(meta.objects.filter(mayRead))[0]?.objects[0];
  return first ? <Navigate to={`/${first.plural}`} replace /> : <div className="sheet" />;
}

export function AppRoutes() {
  return (
    <>
      <EarlyList />
      <Shell>
        <Suspense fallback={<TableSkeleton />}>
          <Routes>
            <Route path="/" element={<Home />} />
            <Route path="/settings" element={<SetupPage />} />
            <Route path="/settings/objects/:name" element={<SetupPage />} />
            <Route path="/jobs" element={<JobsPage />} />
            <Route path="/:plural" element={<ListPage />} />
            <Route path="/:plural/board" element={<BoardPage />} />
            <Route path="/:plural/import" element={<ImportPage />} />
            <Route path="/:plural/:id" element={<RecordPage />} />
            <Route path="*" element={<Navigate to="/" replace />} />
          </Routes>
        </Suspense>
      </Shell>
    </>
  );
}
