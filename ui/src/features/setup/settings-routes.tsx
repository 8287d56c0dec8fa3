// The pages of the settings, each its own chunk.
import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import { NotFoundPage } from '@/record/page/not-found';
import SettingsHome from './settings-home';

const SetupPage = lazy(() => import('./setup-page'));
const RolesPage = lazy(() => import('./roles/roles-page'));
const DepartmentsPage = lazy(() => import('./organisation/departments-page'));
const PeoplePage = lazy(() => import('./organisation/people-page'));
const PositionsPage = lazy(() => import('./organisation/positions-page'));
const TeamsPage = lazy(() => import('./organisation/teams-page'));
const HandOverPage = lazy(() => import('./hand-over/hand-over-page'));
const RulesPage = lazy(() => import('./sharing/rules-page'));
const KeysPage = lazy(() => import('./keys/keys-page'));
const BackupPage = lazy(() => import('./backups/backup-page'));
const LogPage = lazy(() => import('./log/log-page'));
const CleanupPage = lazy(() => import('./cleanup/cleanup-page'));
const QualityPage = lazy(() => import('./quality/quality-page'));
const QualityObjectPage = lazy(() => import('./quality/quality-object-page'));
const RolePage = lazy(() => import('./roles/role-page'));

export default function SettingsRoutes() {
  return (
    <Routes>
      <Route index element={<SettingsHome />} />
      <Route path="objects" element={<SetupPage />} />
      <Route path="objects/:name" element={<SetupPage />} />
      <Route path="objects/:name/:part" element={<SetupPage />} />
      <Route path="lists" element={<SetupPage />} />
      <Route path="lists/:list" element={<SetupPage />} />
      <Route path="changes" element={<SetupPage />} />
      <Route path="bin" element={<SetupPage />} />
      <Route path="files" element={<SetupPage />} />
      <Route path="roles" element={<RolesPage />} />
      <Route path="roles/:code" element={<RolePage />} />
      <Route path="departments" element={<DepartmentsPage />} />
      <Route path="people" element={<PeoplePage />} />
      <Route path="positions" element={<PositionsPage />} />
      <Route path="teams" element={<TeamsPage />} />
      <Route path="hand-over" element={<HandOverPage />} />
      <Route path="sharing-rules" element={<RulesPage />} />
      <Route path="api-keys" element={<KeysPage />} />
      <Route path="backups" element={<BackupPage />} />
      <Route path="access-log" element={<LogPage />} />
      <Route path="cleanup" element={<CleanupPage />} />
      <Route path="quality" element={<QualityPage />} />
      <Route path="quality/:name" element={<QualityObjectPage />} />
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
