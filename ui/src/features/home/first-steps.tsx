// The first day: nothing to show yet, so the page says how to fill it.
import { Button } from 'antd';
import { Building2, Funnel, Upload } from 'lucide-react';
import { useNavigate } from 'react-router';
import { t } from '@/lib/i18n';
import { mayCreate, useCatalogue } from '@/lib/meta';

export function FirstSteps() {
  const { byName } = useCatalogue();
  const navigate = useNavigate();
  const accounts = byName.get('account');
  const leads = byName.get('lead');
  const imports = accounts && mayCreate(accounts) && accounts.rights?.import === true;
  return (
    <section className="card c12 first" aria-label={t('home.first')}>
      <h3>{t('home.first')}</h3>
      <p className="soft">{t('home.first_text')}</p>
      <div className="row wrap">
        {imports && <Button type="primary" icon={<Upload size={16} strokeWidth={1.75} />} onClick={() => void navigate(`/${accounts.plural}/import`)}>{t('home.first_import')}</Button>}
        {accounts && mayCreate(accounts) && <Button type={imports ? 'default' : 'primary'} icon={<Building2 size={16} strokeWidth={1.75} />} onClick={() => void navigate(`/${accounts.plural}?new=1`)}>{t('home.first_customer')}</Button>}
        {leads && mayCreate(leads) && <Button icon={<Funnel size={16} strokeWidth={1.75} />} onClick={() => void navigate(`/${leads.plural}?new=1`)}>{t('home.first_lead')}</Button>}
      </div>
    </section>
  );
}
