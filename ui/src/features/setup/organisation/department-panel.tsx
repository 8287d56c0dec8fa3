// One department: who leads it, who belongs to it, what can be done with it.
import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { CornerUpRight, Ellipsis, PencilLine, Plus, Trash2 } from 'lucide-react';
import { Link } from 'react-router';
import { BlockSkeleton } from '@/components/skeleton';
import { Avatar } from '@/components/avatar';
import { ErrorState } from '@/components/state';
import { linkOf, linkTitle } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import { choiceLabel, fieldLabel, fieldOf, mayCreate, mayDelete, mayUpdate } from '@/lib/meta';
import type { LinkValue, ObjectMeta, Rec } from '@/lib/types';
import { useDelete } from '@/record/data/use-delete';
import { fetchMembers } from './api';
import type { Doing } from './departments-page';
import { linksOf, type Node } from './tree';

interface Props { object: ObjectMeta; node: Node; onDo: (doing: Doing) => void; onGone: () => void }

const Person = ({ of }: { of: LinkValue }) => <Link className="person ink" to={`/users/${of.id}`}><Avatar name={linkTitle(of)} seed={of.id} /><span className="cut">{linkTitle(of)}</span></Link>;

function Line({ object, name, people }: { object: ObjectMeta; name: string; people: LinkValue[] }) {
  const field = fieldOf(object, name);
  if (!field) return null;
  return <div className="fl"><span className="k cut">{fieldLabel(field)}</span><span className="v people-of">{people.length ? people.map((p) => <Person key={p.id} of={p} />) : <span className="muted">{t('org.nobody')}</span>}</span></div>;
}

function Members({ id }: { id: string }) {
  const query = useQuery({ queryKey: ['related', 'users', 'members', id], queryFn: ({ signal }) => fetchMembers(id, signal) });
  if (query.isError) return <ErrorState error={query.error} title={t('org.error')} onRetry={() => void query.refetch()} />;
  if (!query.data) return <BlockSkeleton lines={3} />;
  const { items, count } = query.data;
  const besides = (r: Rec) => linkOf(r.department)?.id !== id;
  return (
    <section className="fields">
      <h4>{t('org.members', { n: count?.value ?? items.length })}<Link className="cap" to={`/settings/people?department=${id}`}>{t('org.all_people')}</Link></h4>
      {items.map((r) => <div key={r.id} className="row member"><Person of={{ id: r.id, title: String(r.name) }} /><span className="end cap muted cut">{[linkOf(r.position)?.title ?? r.job_title, besides(r) ? t('org.besides') : ''].filter(Boolean).join(' · ')}</span></div>)}
      {!items.length && <p className="muted">{t('org.no_members')}</p>}
    </section>
  );
}

export function DepartmentPanel({ object, node, onDo, onGone }: Props) {
  const remove = useDelete(object);
  const { record } = node;
  const kind = fieldOf(object, 'kind');
  const manager = linkOf(record.manager);
  const items = [
    ...(mayUpdate(object) ? [{ key: 'move', icon: <CornerUpRight size={14} strokeWidth={1.75} />, label: t('org.move'), onClick: () => onDo({ kind: 'move', of: record }) }] : []),
    ...(mayDelete(object) ? [{ key: 'delete', icon: <Trash2 size={14} strokeWidth={1.75} />, label: t('action.delete'), danger: true, onClick: () => void remove([record], onGone) }] : []),
  ];
  return (
    <>
      <div className="org-head">
        <div className="grow"><h2 className="cut" title={node.name}><Link className="ink" to={`/departments/${node.id}`}>{node.name}</Link></h2><div className="cap muted">{[kind && record.kind ? choiceLabel(kind, String(record.kind)) : '', record.code].filter(Boolean).join(' · ')}</div></div>
        <div className="row nw">
          {mayUpdate(object) && <Button size="small" icon={<PencilLine size={14} strokeWidth={1.75} />} onClick={() => onDo({ kind: 'edit', of: record })}>{t('action.edit')}</Button>}
          {items.length > 0 && <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight"><Button size="small" icon={<Ellipsis size={14} strokeWidth={1.75} />} aria-label={t('action.more')} /></Dropdown>}
        </div>
      </div>
      <section className="fields">
        <Line object={object} name="manager" people={manager ? [manager] : []} />
        <Line object={object} name="deputies" people={linksOf(record.deputies)} />
        {mayCreate(object) && <Button type="text" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => onDo({ kind: 'new', parent: record })}>{t('org.add_below')}</Button>}
      </section>
      <Members id={node.id} />
    </>
  );
}
