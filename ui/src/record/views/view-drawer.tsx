// Name a view, and say who sees it. What it shows was chosen in the list.
import { Button, Checkbox, Drawer, Input, Radio, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { failureText } from '@/components/state';
import { showToast } from '@/components/toast';
import { ApiProblem } from '@/lib/api';
import { language, t } from '@/lib/i18n';
import { mayManageViews, useSignedIn } from '@/lib/me';
import { useCatalogue } from '@/lib/meta';
import type { FieldError, LinkValue, ObjectMeta } from '@/lib/types';
import { LinksInput } from '@/fields/links/links-input';
import { viewLabel } from '../page/views';
import { useShell } from '../page/shell-context';
import { useReloadViews } from './use-saved-views';
import { namesAfter, principalsOf, reachesOf, reachOf, sharingOf, useGroups, useSharedPeople, type Reach, type Sharing } from './sharing';
import { changeView, createView, pinView, unpinView, type SavedView, type ViewBody } from './view-api';

interface Props { object: ObjectMeta; view?: SavedView; body: ViewBody; pinned: boolean; onClose: () => void; onSaved: (view: SavedView) => void }

const Field = ({ label, error, children }: { label: string; error?: string; children: ReactNode }) => (
  <div className={error ? 'ff bad' : 'ff'}><div className="lab">{label}</div>{children}{error && <div className="err" role="alert"><span>{error}</span></div>}</div>
);

function Whom({ reach, sharing, people, codes, onPeople, onCodes }: { reach: Reach; sharing: Sharing; people: LinkValue[]; codes: string[]; onPeople: (people: LinkValue[]) => void; onCodes: (codes: string[]) => void }) {
  const groups = useGroups(sharing, reach === 'groups');
  if (reach === 'people' && sharing.picker) return <Field label={t('view.who.people')}><LinksInput field={sharing.picker} value={people} onChange={(v) => onPeople(v as LinkValue[])} id="view-people" /></Field>;
  if (reach !== 'groups') return null;
  return <Field label={t('view.who.groups')}><Select mode="multiple" id="view-groups" value={codes} onChange={onCodes} options={groups} showSearch={{ optionFilterProp: 'label' }} aria-label={t('view.who.groups')} /></Field>;
}

function useSave({ object, view, body, pinned, onClose, onSaved }: Props) {
  const reload = useReloadViews(object);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const store = async (name: string, shared: string[], pin: boolean) => {
    const label = { ...view?.label, [language()]: name.trim() };
    const saved = view ? await changeView(view.view, { label, shared_with: shared.length ? shared : null }) : await createView({ ...body, object: object.object, label, ...(shared.length ? { shared_with: shared } : {}) });
    if (pin !== (view ? pinned : false)) await (pin ? pinView(object.object, saved.view) : unpinView(object.object, saved.view));
    await reload();
    return saved;
  };
  const save = async (name: string, shared: string[], pin: boolean) => {
    setBusy(true);
    setErrors([]);
    setFailure('');
    try {
      const saved = await store(name, shared, pin);
      showToast(t('view.saved', { name: name.trim() }));
      if (!view) onSaved(saved);
      onClose();
    } catch (e) {
      const told = e instanceof ApiProblem ? e.errors : [];
      setErrors(told);
      if (!told.some((x) => x.field === 'label' || x.field?.startsWith('shared_with'))) setFailure(failureText(e));
      setBusy(false);
    }
  };
  return { save, errors, failure, busy };
}

export default function ViewDrawer(props: Props) {
  const { object, view, body, onClose } = props;
  const { phone } = useShell();
  const { rights } = useSignedIn();
  const sharing = sharingOf(object, useCatalogue().byName);
  const known = useSharedPeople(sharing, namesAfter('user:', view?.shared_with));
  const [name, setName] = useState(view ? viewLabel(view) : '');
  const [pin, setPin] = useState(view ? props.pinned : true);
  const [reach, setReach] = useState<Reach>(reachOf(view?.shared_with));
  const [chosen, setPeople] = useState<LinkValue[] | null>(null);
  const [codes, setCodes] = useState(namesAfter('role:', view?.shared_with));
  const { save, errors, failure, busy } = useSave(props);
  const people = chosen ?? known;
  const errorOf = (part: string) => errors.find((e) => e.field === part || e.field?.startsWith(`${part}[`))?.message;
  const submit = () => { if (name.trim()) void save(name, principalsOf(reach, people, codes), pin); };
  const reaches = reachesOf(sharing, mayManageViews(rights.system));
  return (
    <Drawer open onClose={onClose} size={phone ? '100%' : 440} title={view ? t('view.edit_title') : t('view.save_as')}
      footer={<div className="form-foot"><span className="note cut">{t('view.rights')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={busy} disabled={!name.trim()} onClick={submit}>{t('action.save')}</Button></div>}>
      <form onSubmit={(e) => { e.preventDefault(); submit(); }}>
        {failure && <div className="banner danger" role="alert"><div className="grow">{failure}</div></div>}
        <Field label={t('view.name')} error={errorOf('label')}><Input value={name} onChange={(e) => setName(e.target.value)} maxLength={60} autoFocus aria-label={t('view.name')} aria-required /></Field>
        {!view && body.filter && <Field label={t('filter.expression')}><code className="expr-shown">{body.filter}</code></Field>}
        <Field label={t('view.who')} error={errorOf('shared_with')}>
          <Radio.Group value={reach} onChange={(e) => setReach(e.target.value as Reach)} className="col-radio" aria-label={t('view.who')} options={reaches.map((r) => ({ value: r, label: t(`view.who.${r}`) }))} />
        </Field>
        <Whom reach={reach} sharing={sharing} people={people} codes={codes} onPeople={setPeople} onCodes={setCodes} />
        <Checkbox checked={pin} onChange={(e) => setPin(e.target.checked)}>{t('view.as_tab')}</Checkbox>
      </form>
    </Drawer>
  );
}
