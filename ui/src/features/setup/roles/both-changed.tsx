// Cells and fields of a role that others changed while they were changed here.
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, objectLabel, useCatalogue } from '@/lib/meta';

export function BothChanged({ both }: { both: string[] }) {
  const { byName } = useCatalogue();
  if (!both.length) return null;
  const words = both.map((b) => {
    const [, name = '', kind, what = ''] = /^(\w+)([.:])(\w+)$/.exec(b) ?? [];
    const object = byName.get(name);
    const field = object && kind === ':' ? fieldOf(object, what) : undefined;
    return `${object ? objectLabel(object) : name} · ${kind === '.' ? t(`action_of.${what}`) : field ? fieldLabel(field) : what}`;
  });
  return <div className="banner warn" role="status"><div className="grow">{t('roles.both')} {words.join(t('list.separator'))}</div></div>;
}
