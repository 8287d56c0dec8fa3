// While one sees as somebody else does: through whose eyes, that nothing can be changed, and the way back.
import { Button } from 'antd';
import { Glasses } from 'lucide-react';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { t } from '@/lib/i18n';
import { useSignedIn } from '@/lib/me';
import { endViewAs } from '@/lib/session';

export function ViewAsBar() {
  const { user, viewed_by: viewer } = useSignedIn();
  const [busy, setBusy] = useState(false);
  if (!viewer) return null;
  const end = async () => {
    setBusy(true);
    try { await endViewAs(); } catch (e) { showFailure(failureText(e)); setBusy(false); }
  };
  return (
    <div className="view-as" role="status">
      <Glasses size={16} strokeWidth={1.75} aria-hidden />
      <span className="grow cut">{t('view_as.on', { name: user.name })}</span>
      <Button size="small" loading={busy} onClick={() => void end()}>{t('view_as.end')}</Button>
    </div>
  );
}
