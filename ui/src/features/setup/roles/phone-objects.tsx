// Phone: an object a row with its scopes in words; the drawer holds the rest.
import { ChevronRight } from 'lucide-react';
import { Fragment } from 'react';
import type { Grouped } from '@/lib/areas';
import { t } from '@/lib/i18n';
import { pluralLabel } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { ACTIONS, grantOf, isFlag, restricted, type ObjectForm } from './matrix';
import { grantWords } from './scope-menu';
import type { RoleDraft } from './use-role-draft';

function summary(form: ObjectForm | undefined): string {
  const said = ACTIONS.filter((a) => !isFlag(a)).flatMap((a) => { const g = grantOf(form, a); return g === 'none' ? [] : [`${t(`action_of.${a}`)} ${grantWords(g)}`]; });
  const fields = restricted(form).length;
  return [...said.slice(0, 3), ...(fields ? [t('roles.restricted', { n: fields })] : [])].join(' · ') || t('roles.nothing');
}

export function PhoneObjects({ groups, draft, onObject }: { groups: Grouped<ObjectMeta>[]; draft: RoleDraft; onObject: (object: ObjectMeta) => void }) {
  return (
    <div className="mx-scroll">
      {groups.map((g) => (
        <Fragment key={g.label}>
          <div className="prow-group">{g.label}</div>
          {g.items.map((o) => (
            <button key={o.object} type="button" className="prow" onClick={() => onObject(o)}>
              <span className="grow"><span className="row"><b className="cut">{pluralLabel(o)}</b>{draft.changes.objects.includes(o.object) && <span className="chip accent">{t('roles.changed')}</span>}</span><span className="cap muted cut">{summary(draft.draft.objects[o.object])}</span></span>
              <ChevronRight size={16} strokeWidth={1.75} className="muted" aria-hidden />
            </button>
          ))}
        </Fragment>
      ))}
    </div>
  );
}
