// The bar of every page: title or breadcrumb, search, the page's one primary button, me.
import { CircleHelp, Search } from 'lucide-react';
import { Suspense, type ReactNode } from 'react';
import { IconButton } from '@/components/icon-button';
import { Kbd } from '@/components/kbd';
import { t } from '@/lib/i18n';
import { useShell } from './shell-context';
import { useSlots } from './slots';
import { UserMenu } from './user-menu';

function News({ size }: { size: number }) {
  const { bell: Bell } = useSlots();
  return Bell ? <Suspense fallback={<span className="ib" />}><Bell size={size} /></Suspense> : null;
}

export function TopBar({ title, children, phone: onPhone }: { title: ReactNode; children?: ReactNode; phone?: ReactNode }) {
  const { openPalette, openHelp, phone } = useShell();
  if (phone) {
    return (
      <header className="bar0">
        <h1 className="grow cut">{title}</h1>
        <IconButton icon={Search} size={22} label={t('palette.open')} onClick={openPalette} />
        {onPhone}
        <News size={22} />
        <UserMenu size={32} />
      </header>
    );
  }
  return (
    <header className="top">
      <h1>{title}</h1>
      <button type="button" className="search" onClick={openPalette}><Search size={16} strokeWidth={1.75} aria-hidden /><span>{t('palette.hint')}</span><Kbd>Ctrl K</Kbd></button>
      <div className="acts">
        {children}
        <News size={18} />
        <IconButton icon={CircleHelp} size={18} label={t('keys.title')} onClick={openHelp} />
        <UserMenu size={28} />
      </div>
    </header>
  );
}
