// An address of no page, of an object that is not there, or of one that this person may not know of: all look alike.
import { Button } from 'antd';
import { useNavigate } from 'react-router';
import { PageNotFoundState } from '@/components/state';
import { t } from '@/lib/i18n';
import { TopBar } from './top-bar';
import { useTitle } from './use-title';

export function NotFoundPage() {
  const navigate = useNavigate();
  useTitle(t('state.no_page'));
  return (
    <>
      <TopBar title="" />
      <div className="sheet"><PageNotFoundState><Button onClick={() => void navigate('/')}>{t('state.no_page_home')}</Button></PageNotFoundState></div>
    </>
  );
}
