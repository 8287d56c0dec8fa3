// Whose calendar: mine, my department's, another's, of people.
import { Select } from 'antd';
import { LinkInput } from '@/fields/link/link-input';
import { LinksInput } from '@/fields/links/links-input';
import { linkOf } from '@/fields/link/link';
import { linksOf } from '@/fields/links/links';
import { t } from '@/lib/i18n';
import { mayRead, objectLabel, useCatalogue } from '@/lib/meta';
import type { Whose } from './calendar-api';

const MOST = 50;

export function WhosePick({ whose, onChange }: { whose: Whose; onChange: (next: Whose) => void }) {
  const { byName } = useCatalogue();
  const [user, department] = [byName.get('user'), byName.get('department')];
  if (!user || !mayRead(user)) return null;
  const kinds = (['mine', 'ours', 'people', 'department'] as const).filter((k) => k !== 'department' || (department && mayRead(department)));
  return (
    <>
      <Select size="small" value={whose.kind} onChange={(kind: Whose['kind']) => onChange({ ...whose, kind })} options={kinds.map((k) => ({ value: k, label: t(`cal.whose.${k}`) }))} aria-label={t('cal.whose')} popupMatchSelectWidth={false} />
      {whose.kind === 'people' && <span className="whose"><label htmlFor="cal-people" className="visually-hidden">{t('cal.whose.people')}</label><LinksInput id="cal-people" field={{ name: 'people', type: 'links', to: user.object, label: { 'zh-CN': objectLabel(user), en: objectLabel(user) } }} value={whose.people ?? []} onChange={(v) => onChange({ kind: 'people', people: linksOf(v).slice(0, MOST) })} /></span>}
      {whose.kind === 'department' && department && <span className="whose"><label htmlFor="cal-department" className="visually-hidden">{t('cal.whose.department')}</label><LinkInput id="cal-department" field={{ name: 'department', type: 'link', to: department.object, fixed: true }} value={whose.department ?? null} onChange={(v) => onChange({ kind: 'department', department: linkOf(v) ?? undefined })} /></span>}
    </>
  );
}
