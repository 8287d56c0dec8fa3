// Choice lists that several fields share: who uses them, and their entries.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Input } from 'antd';
import { ListChecks, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState } from '@/components/state';
import { label as wordsOf, t } from '@/lib/i18n';
import { fieldLabel, objectLabel, useCatalogue } from '@/lib/meta';
import type { Choice, ChoiceList, ObjectMeta } from '@/lib/types';
import { changeList, createList } from './api';
import { EntriesEditor } from './entries-editor';
import { cleanLabel } from './labels';
import { reloadLists, useLists } from './lists';
import { identifierOf, isIdentifier } from './names';
import { Labelled, LabelPair, Refusals } from './parts';
import { useSubmit } from './use-submit';

export const usesOf = (list: string, objects: ObjectMeta[]): string[] => objects.flatMap((o) => o.fields.filter((f) => f.list === list).map((f) => `${objectLabel(o)} · ${fieldLabel(f)}`));

/** Entries of the lists above: fields that depend on another one say which. */
function parentsOf(list: string, objects: ObjectMeta[], lists: ChoiceList[]): Choice[] | undefined {
  for (const o of objects) {
    const field = o.fields.find((f) => f.list === list && f.depends_on);
    const above = field && o.fields.find((f) => f.name === field.depends_on);
    if (above) return above.list ? lists.find((l) => l.list === above.list)?.entries : above.choices;
  }
  return lists.find((l) => l.list === list)?.entries.some((e) => e.parent) ? [...new Set(lists.find((l) => l.list === list)!.entries.map((e) => e.parent).filter(Boolean))].map((value) => ({ value: value! })) : undefined;
}

const PAGE = 200;

function ListDrawer({ list, lists, onClose }: { list?: ChoiceList; lists: ChoiceList[]; onClose: () => void }) {
  const { meta } = useCatalogue();
  const client = useQueryClient();
  const [version] = useState(meta.version);
  const [name, setName] = useState(list?.list ?? '');
  const [named, setNamed] = useState(!!list);
  const [label, setLabel] = useState(list?.label ?? {});
  const [entries, setEntries] = useState<Choice[]>(list?.entries ?? []);
  const [find, setFind] = useState('');
  const [saved] = useState(() => new Set(list?.entries.map((e) => e.value)));
  const form = useSubmit(() => { void reloadLists(client); onClose(); }, list ? version : undefined);
  const clean = entries.filter((e) => e.value.trim()).map((e) => ({ value: e.value.trim(), label: cleanLabel(e.label ?? {}), color: e.color ?? null, retired: e.retired ?? false, ...(e.parent ? { parent: e.parent } : {}) }));
  const body = { label: cleanLabel(label), entries: clean };
  const words = wordsOf(body.label, name);
  const long = entries.length > PAGE;
  const q = find.trim().toLowerCase();
  // Of a long list a part is edited: the server keeps what is not sent.
  const shown = long ? entries.filter((e) => !q || [e.value, e.label?.['zh-CN'], e.label?.en].some((x) => x?.toLowerCase().includes(q))).slice(0, PAGE) : entries;
  const put = (next: Choice[]) => { if (!long) return setEntries(next); const was = new Set(shown); const at = entries.findIndex((e) => was.has(e)); const rest = entries.filter((e) => !was.has(e)); setEntries([...rest.slice(0, Math.max(0, at)), ...next, ...rest.slice(Math.max(0, at))]); };
  return (
    <Drawer open onClose={onClose} size={720} title={list ? <span className="cut">{words} <code>{list.list}</code></span> : t('setup.new_list')}
      footer={<div className="form-foot"><span className="note cut">{t('setup.at_once')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={form.busy} disabled={!isIdentifier(name) || !clean.length} onClick={() => void form.submit((v) => (list ? changeList(list.list, body, v) : createList({ list: name, ...body })), t('toast.saved', { name: words }))}>{list ? t('action.save') : t('action.create')}</Button></div>}>
      <Refusals of={form} shown={['list', 'label']} />
      <LabelPair value={label} error={form.errorOf('label')} onChange={(next) => { setLabel(next); if (!named) setName(identifierOf(next.en ?? '')); }} focus={!list} />
      {!list && <Labelled label={t('setup.name')} error={form.errorOf('list')} help={t('setup.name_help')}><Input value={name} className="code" onChange={(e) => { setNamed(true); setName(e.target.value); }} /></Labelled>}
      {long && <Labelled label={t('setup.find_entry', { n: entries.length })}><Input allowClear value={find} onChange={(e) => setFind(e.target.value)} /></Labelled>}
      <EntriesEditor key={q} entries={shown} saved={saved} parents={list ? parentsOf(list.list, meta.objects, lists) : undefined} onChange={put} />
      <p className="help">{t('setup.retire_help')}</p>
    </Drawer>
  );
}

function Row({ list, uses, on, onPick }: { list: ChoiceList; uses: string[]; on: boolean; onPick: () => void }) {
  const live = list.entries.filter((e) => !e.retired);
  return (
    <button type="button" className={on ? 'frow four on' : 'frow four'} onClick={onPick}>
      <span className="cut">{wordsOf(list.label, list.list)}</span><code className="cut">{list.list}</code><span className="soft cut">{t('setup.entries_n', { n: live.length })}</span><span className="muted cap cut" title={uses.join('\n')}>{uses.length ? uses.slice(0, 3).join('，') : t('setup.unused')}</span>
    </button>
  );
}

export default function ListsPage({ list: open }: { list?: string }) {
  const navigate = useNavigate();
  const { meta } = useCatalogue();
  const query = useLists();
  const [find, setFind] = useState('');
  const q = find.trim().toLowerCase();
  const all = query.data ?? [];
  const found = all.filter((l) => !q || [l.list, l.label?.['zh-CN'], l.label?.en, ...l.entries.map((e) => e.label?.['zh-CN'])].some((x) => x?.toLowerCase().includes(q)));
  const current = all.find((l) => l.list === open);
  const close = () => void navigate('/settings/lists');
  return (
    <>
      <div className="toolbar line">
        <Input size="small" allowClear className="find" prefix={<Search size={14} strokeWidth={1.75} aria-hidden />} value={find} onChange={(e) => setFind(e.target.value)} placeholder={t('setup.find_list')} aria-label={t('setup.find_list')} />
        <span className="row end"><Button type="primary" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => void navigate('/settings/lists/new')}>{t('setup.new_list')}</Button></span>
      </div>
      {query.isError && <ErrorState error={query.error} title={t('setup.load_failed')} onRetry={() => void query.refetch()} />}
      {query.isPending && <TableSkeleton rows={12} columns={4} />}
      {query.isSuccess && (
        <div className="pane">
          <div className="frow four hd"><span>{t('setup.column_label')}</span><span>{t('setup.name')}</span><span>{t('setup.choices_short')}</span><span>{t('setup.used_by')}</span></div>
          {!found.length && <p className="set-empty"><ListChecks size={16} strokeWidth={1.75} aria-hidden /> {t('setup.find_nothing', { text: find })}</p>}
          {found.map((l) => <Row key={l.list} list={l} uses={usesOf(l.list, meta.objects)} on={l.list === open} onPick={() => void navigate(`/settings/lists/${l.list}`)} />)}
        </div>
      )}
      {query.isSuccess && (open === 'new' || current) && <ListDrawer key={open} list={current} lists={all} onClose={close} />}
    </>
  );
}
