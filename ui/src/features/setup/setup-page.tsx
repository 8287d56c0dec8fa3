// Settings of the data model: objects with their fields, layouts and rules; choice lists; what was changed.
import '@/features/setup/setup.css';
import en from '@/locales/en/setup.json';
import zh from '@/locales/zh-CN/setup.json';
import { lazy, Suspense } from 'react';
import { useLocation } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { addMessages, t } from '@/lib/i18n';
import { mayCustomise, useSignedIn } from '@/lib/me';
import '@/lib/settings-words';
import { ModelFrame } from './model-frame';
import ObjectPage from './object-page';
import ObjectsPage from './objects-page';
import { SettingsFrame } from './settings-frame';

addMessages({ en, 'zh-CN': zh });

const ListsPage = lazy(() => import('./lists-page'));
const ChangesPage = lazy(() => import('./changes-page'));
const BinPage = lazy(() => import('./bin-page'));
const FilesPage = lazy(() => import('./files-page'));

export default function SetupPage() {
  const { rights } = useSignedIn();
  const [, , area, one, part] = useLocation().pathname.split('/');
  if (!mayCustomise(rights.system)) return <SettingsFrame name="" title="" may={false}>{null}</SettingsFrame>;
  if (area === 'lists') return <ModelFrame title={t('places.lists')}><Suspense fallback={<TableSkeleton />}><ListsPage list={one} /></Suspense></ModelFrame>;
  if (area === 'changes') return <ModelFrame title={t('places.changes')}><Suspense fallback={<TableSkeleton />}><ChangesPage /></Suspense></ModelFrame>;
  if (area === 'bin') return <ModelFrame title={t('places.bin')}><Suspense fallback={<TableSkeleton />}><BinPage /></Suspense></ModelFrame>;
  if (area === 'files') return <ModelFrame title={t('places.config')}><Suspense fallback={<TableSkeleton />}><FilesPage /></Suspense></ModelFrame>;
  return one ? <ObjectPage name={one} part={part ?? 'fields'} /> : <ObjectsPage />;
}
