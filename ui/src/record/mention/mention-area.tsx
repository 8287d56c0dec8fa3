// A text in which "@" offers people: by name, 拼音 or initials. Who is chosen goes to the caller; the text alone mentions nobody.
import '@/lib/comment-words';
import '@/styles/comment.css';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Mentions } from 'antd';
import { useEffect, useRef, useState, type ComponentRef } from 'react';
import { Avatar } from '@/components/avatar';
import { useDebounced } from '@/fields/link/use-candidates';
import { get } from '@/lib/api';
import { t } from '@/lib/i18n';
import { fieldOf, titleField, useCatalogue } from '@/lib/meta';
import type { LinkValue, ObjectMeta, Page } from '@/lib/types';

interface Props {
  /** The object being written, which holds the field of those mentioned. */
  object: ObjectMeta; value: string; label: string; placeholder?: string; className?: string; variant?: 'borderless' | 'outlined'; focus?: boolean;
  onChange: (text: string) => void; onPerson: (person: LinkValue) => void;
}

function usePeople(object: ObjectMeta, search: string | null) {
  const target = useCatalogue().byName.get(String(fieldOf(object, 'mentions')?.to ?? ''));
  const late = useDebounced(search?.trim() ?? '', 150);
  const title = target ? titleField(target) : 'id';
  const active = target && fieldOf(target, 'status') ? 'status = "active"' : '';
  const query = useQuery({
    queryKey: ['candidates', target?.plural, late, 'mention'], enabled: !!target && search !== null, placeholderData: keepPreviousData, staleTime: 30_000,
    queryFn: ({ signal }) => get<Page>(`/${target!.plural}`, { filter: active, q: late || undefined, fields: title, sort: title, limit: 8, count: 'none' }, signal),
  });
  return { target, loading: query.isFetching, people: (query.data?.items ?? []).map((r): LinkValue => ({ id: r.id, title: String(r[title] ?? '') })).filter((p) => p.title) };
}

export function MentionArea({ object, value, label, placeholder, className = '', variant = 'borderless', focus, onChange, onPerson }: Props) {
  const [search, setSearch] = useState<string | null>(null);
  const area = useRef<ComponentRef<typeof Mentions>>(null);
  const { target, people, loading } = usePeople(object, search);
  useEffect(() => { if (focus) area.current?.focus(); }, [focus]);
  const options = people.map((p) => ({ key: p.id, person: p, value: p.title!, label: <span className="row gap8"><Avatar name={p.title!} seed={p.id} size={20} /><span className="cut">{p.title}</span></span> }));
  const choose = (person: LinkValue | undefined) => { if (person) onPerson(person); setSearch(null); };
  return (
    <Mentions ref={area} className={`mention-area ${className}`} variant={variant} rows={2} value={value} placeholder={placeholder} aria-label={label} prefix="@" filterOption={false} loading={loading}
      options={target ? options : []} notFoundContent={<span className="muted cap">{t(loading ? 'state.searching' : 'mention.nobody')}</span>} onChange={onChange} onSearch={setSearch} onSelect={(o) => choose((o as { person?: LinkValue }).person)} />
  );
}
