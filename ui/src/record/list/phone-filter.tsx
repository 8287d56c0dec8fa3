// Phone: filters are a sheet with the work at the foot.
import { Button, Drawer } from 'antd';
import { ListFilter } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { ApiProblem } from '@/lib/api';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import { FindBox } from './find-box';
import type { ListState } from './list-view';

const ConditionEditor = lazy(() => import('../expression/condition-editor').then((m) => ({ default: m.ConditionEditor })));

interface Props { object: ObjectMeta; state: ListState; error: unknown }

function Sheet({ object, state, error, onClose }: Props & { onClose: () => void }) {
  const [text, setText] = useState(state.filter);
  const wrong = error instanceof ApiProblem && error.code === 'bad_expression' && text === state.filter ? error.errors[0]?.message ?? error.message : undefined;
  const apply = (next: string) => { state.setFilter(next.trim()); onClose(); };
  const foot = <div className="form-foot">{state.filter && <Button onClick={() => apply('')}>{t('filter.clear')}</Button>}<span className="grow" /><Button type="primary" onClick={() => apply(text)}>{t('filter.apply')}</Button></div>;
  return (
    <Drawer open onClose={onClose} placement="bottom" size="80%" title={t('filter.title')} className="phone-filter" footer={foot}>
      <div className="phone-find"><FindBox find={state.find} onFind={state.setFind} label={t('filter.find_all')} /></div>
      <Suspense><ConditionEditor object={object.object} value={text} onChange={setText} label={t('filter.condition')} rows={1} error={wrong} start={wrong ? 'text' : 'rows'} /></Suspense>
    </Drawer>
  );
}

export default function PhoneFilter(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton icon={ListFilter} size={22} label={t('filter.title')} on={props.state.filter !== ''} onClick={() => setOpen(true)} />
      {open && <Sheet {...props} onClose={() => setOpen(false)} />}
    </>
  );
}
