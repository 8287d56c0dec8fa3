// Who can see or change this record and by which rule; why a given person can or cannot.
import { useQuery } from '@tanstack/react-query';
import { Drawer, Input } from 'antd';
import { Check, Minus, Search } from 'lucide-react';
import { useState } from 'react';
import '@/lib/access-words';
import { Avatar } from '@/components/avatar';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState } from '@/components/state';
import { LinkInput } from '@/fields/link/link-input';
import { linkTitle } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import { maySystem, useSignedIn } from '@/lib/me';
import { PERSON } from '@/lib/principals';
import type { FieldMeta, LinkValue, ObjectMeta, Rec } from '@/lib/types';
import { recordTitle } from '../page/record-mark';
import { useShell } from '../page/shell-context';
import { fetchEverybody, fetchMine, fetchPerson, type Doing, type Person, type Rule } from './access-api';
import { ruleText, useRoleNames, type Names } from './rule-words';
import { mineKey, type useMay } from './use-may';

const DOINGS: Doing[] = ['read', 'update', 'delete', 'export', 'share', 'transfer', 'bulk'];
const WHO: FieldMeta = { name: 'who', type: 'link', to: PERSON, fixed: true };

const Rules = ({ rules, names, no }: { rules: Rule[]; names: Names; no?: boolean }) => <ul className="rules">{rules.map((r) => <li key={r.rule}>{ruleText(r, names, no)}</li>)}</ul>;

/** What may be done and what not, a word each; the sign says it without the colour. */
function Doings({ of }: { of: Record<Doing, boolean> }) {
  return <div className="doings">{DOINGS.map((d) => <span key={d} className={of[d] ? 'chip' : 'chip line no'}>{of[d] ? <Check size={12} strokeWidth={2} aria-hidden /> : <Minus size={12} strokeWidth={2} aria-hidden />}{t(`doing.${d}`)}<span className="visually-hidden">{t(of[d] ? 'explain.yes' : 'explain.no')}</span></span>)}</div>;
}

function Mine({ object, record, names }: { object: ObjectMeta; record: Rec; names: Names }) {
  const query = useQuery({ queryKey: mineKey(object.plural, record.id), queryFn: ({ signal }) => fetchMine(object.plural, record.id, signal) });
  if (query.isError) return <ErrorState error={query.error} title={t('explain.error')} onRetry={() => void query.refetch()} />;
  if (!query.data) return <BlockSkeleton lines={2} />;
  return <section className="explain"><h4>{t('explain.me')}</h4><Doings of={query.data} /><Rules rules={query.data.because} names={names} /></section>;
}

function Why({ object, record, person, names }: { object: ObjectMeta; record: Rec; person: LinkValue; names: Names }) {
  const query = useQuery({ queryKey: ['access', object.plural, record.id, PERSON, person.id], queryFn: ({ signal }) => fetchPerson(object.plural, record.id, person.id, signal) });
  if (query.isError) return <ErrorState error={query.error} title={t('explain.error')} onRetry={() => void query.refetch()} />;
  if (!query.data) return <BlockSkeleton lines={2} />;
  const { read, because, because_not: not } = query.data;
  return (
    <div className="answer" role="status">
      <b>{t(read ? 'explain.can' : 'explain.cannot', { name: linkTitle(person) })}</b>
      <Doings of={query.data} />
      <Rules rules={read ? because : not} names={names} no={!read} />
    </div>
  );
}

function Ask(props: { object: ObjectMeta; record: Rec; names: Names }) {
  const [person, setPerson] = useState<LinkValue | null>(null);
  return (
    <section className="explain">
      <h4><label htmlFor="explain-who">{t('explain.ask')}</label></h4>
      <LinkInput field={WHO} value={person} onChange={(v) => setPerson(v as LinkValue | null)} id="explain-who" />
      {person && <Why key={person.id} person={person} {...props} />}
    </section>
  );
}

const shown = (people: Person[], word: string) => people.filter((p) => !word || linkTitle(p.user).toLowerCase().includes(word.toLowerCase()));
const FIND_FROM = 10;

function Everybody({ object, record, names }: { object: ObjectMeta; record: Rec; names: Names }) {
  const [word, setWord] = useState('');
  const query = useQuery({ queryKey: ['access', object.plural, record.id, 'people'], queryFn: ({ signal }) => fetchEverybody(object.plural, record.id, signal) });
  if (query.isError) return <ErrorState error={query.error} title={t('explain.error')} onRetry={() => void query.refetch()} />;
  if (!query.data) return <BlockSkeleton />;
  const { people, people_more: more } = query.data;
  return (
    <section className="explain">
      <h4>{t('explain.people', { n: people.length })}</h4>
      {people.length > FIND_FROM && <Input value={word} onChange={(e) => setWord(e.target.value)} prefix={<Search size={14} strokeWidth={1.75} className="muted" aria-hidden />} placeholder={t('explain.find')} aria-label={t('explain.find')} allowClear />}
      <ul className="share-list">
        {shown(people, word.trim()).map((p) => (
          <li key={p.user.id} className="share-row high">
            <Avatar name={linkTitle(p.user)} seed={p.user.id} size={28} />
            <div className="grow"><div className="cut">{linkTitle(p.user)}</div><Rules rules={p.because} names={names} /></div>
            <span className="soft nw cap">{p.can.map((c) => t(`doing.${c}`)).join(t('list.separator'))}</span>
          </li>
        ))}
      </ul>
      {more && <p className="muted cap">{t('explain.more')}</p>}
    </section>
  );
}

export default function ExplainDrawer({ object, record, may, onClose }: { object: ObjectMeta; record: Rec; may: ReturnType<typeof useMay>; onClose: () => void }) {
  const { phone } = useShell();
  const { rights } = useSignedIn();
  const names = useRoleNames();
  const others = may('share') || maySystem(rights.system, 'manage_users');
  return (
    <Drawer open onClose={onClose} size={phone ? '100%' : 480} title={t('explain.title', { name: recordTitle(object, record) })}>
      <Mine object={object} record={record} names={names} />
      {others && <Ask object={object} record={record} names={names} />}
      {others ? <Everybody object={object} record={record} names={names} /> : <p className="muted cap">{t('explain.only_me')}</p>}
    </Drawer>
  );
}
