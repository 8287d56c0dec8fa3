// The pages of the settings, each its own chunk.
import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import { NotFoundPage } from '@/record/page/not-found';
import SettingsHome from './settings-home';

const SetupPage = lazy(() => import('./setup-page'));
const RolesPage = lazy(() => import('./roles/roles-page'));
const RolePage = lazy(() => import('./roles/role-page'));

export default function SettingsRoutes() {
  return (
    <Routes>
      <Route index element={<SettingsHome />} />
      <Route path="objects" element={<SetupPage />} />
      <Route path="objects/:name" element={<SetupPage />} />
      <Route path="roles" element={<RolesPage />} />
      <Route path="roles/:code" element={<RolePage />} />
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
