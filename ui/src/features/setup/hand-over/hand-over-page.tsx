// Somebody leaves: choose who and to whom, see what moves part by part, run it, read the report, take it back if need be.
import { useQuery } from '@tanstack/react-query';
import { Button, Steps } from 'antd';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { LinkInput } from '@/fields/link/link-input';
import { get } from '@/lib/api';
import { today } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { maySystem, useSignedIn } from '@/lib/me';
import { PERSON } from '@/lib/principals';
import type { FieldMeta, LinkValue, Rec } from '@/lib/types';
import { useShell } from '@/record/page/shell-context';
import { SettingsFrame } from '../settings-frame';
import { HandOverReport } from './hand-over-report';
import { HandOverParts } from './hand-over-parts';
import type { Plan } from './plan';

const field = (name: string): FieldMeta => ({ name, type: 'link', to: PERSON, fixed: true });

function Choose({ leaver, to, onLeaver, onTo, onNext }: { leaver: LinkValue | null; to: LinkValue | null; onLeaver: (l: LinkValue | null) => void; onTo: (l: LinkValue | null) => void; onNext: () => void }) {
  const same = !!leaver && leaver.id === to?.id;
  return (
    <div className="wizard">
      <div className="ff"><label htmlFor="leaver">{t('hand.leaver')}</label><LinkInput field={field('leaver')} value={leaver} onChange={(v) => onLeaver(v as LinkValue | null)} id="leaver" /></div>
      <div className={same ? 'ff bad' : 'ff'}><label htmlFor="receiver">{t('hand.to')}</label><LinkInput field={field('receiver')} value={to} onChange={(v) => onTo(v as LinkValue | null)} id="receiver" invalid={same} />{same ? <div className="err" role="alert">{t('hand.same')}</div> : <div className="help">{t('hand.to_help')}</div>}</div>
      <div><Button type="primary" icon={<ArrowRight size={16} strokeWidth={1.75} />} iconPlacement="end" disabled={!leaver || !to || same} onClick={onNext}>{t('hand.look')}</Button></div>
    </div>
  );
}

/** The address names the person and, once it runs, the job: one may leave and come back. */
function useNamed(id: string | null) {
  return useQuery({ queryKey: ['record', 'users', id], queryFn: ({ signal }) => get<Rec>(`/users/${id}`, {}, signal), enabled: !!id });
}

function Wizard() {
  const [params, setParams] = useSearchParams();
  const { phone } = useShell();
  const [person, job] = [params.get('person'), params.get('job')];
  const named = useNamed(person);
  const leaver = person ? { id: person, title: String(named.data?.name ?? '') } : null;
  const [looking, setLooking] = useState(false);
  const [plan, setPlan] = useState<Plan>({ to: null, choices: {}, deactivate: true, leftOn: today() });
  const at = job ? 2 : looking && leaver && plan.to ? 1 : 0;
  const set = (next: Record<string, string>) => setParams(next, { replace: true });
  return (
    <div className="mx-scroll">
      {!phone && <Steps className="hand-steps" size="small" current={at} items={['hand.step_who', 'hand.step_what', 'hand.step_report'].map((k) => ({ title: t(k) }))} />}
      {at === 0 && <Choose leaver={leaver} to={plan.to} onLeaver={(l) => set(l ? { person: l.id } : {})} onTo={(to) => setPlan({ ...plan, to, choices: {} })} onNext={() => setLooking(true)} />}
      {at === 1 && leaver && <HandOverParts leaver={leaver} plan={plan} onPlan={setPlan} onBack={() => setLooking(false)} onStarted={(id) => set({ person: leaver.id, job: id })} />}
      {at === 2 && job && <HandOverReport job={job} leaver={leaver} onAgain={() => { setLooking(false); set({}); }} />}
    </div>
  );
}

export default function HandOverPage() {
  const { rights } = useSignedIn();
  return <SettingsFrame name={t('places.hand_over')} title={t('places.hand_over')} may={maySystem(rights.system, 'hand_over')}><Wizard /></SettingsFrame>;
}
