// What a message says, in words.
import { hasMessage, inSentence, t } from '@/lib/i18n';
import { objectLabel, type Catalogue } from '@/lib/meta';
import type { Message } from './messages-api';

/** Where a message leads: a task that is due waits in the to-dos, all else is a record or the list of jobs. */
export function pathOf(m: Message, { byName }: Catalogue): string {
  if (m.job) return '/jobs';
  if (m.kind === 'due') return `/todo?at=${m.object ?? ''}-${m.record?.id ?? ''}`;
  return `/${byName.get(m.object ?? '')?.plural ?? ''}/${m.record?.id ?? ''}`;
}

const jobWords = (kind: string): string => (hasMessage(`job.kind.${kind}`) ? t(`job.kind.${kind}`) : kind);

export function headOf(m: Message): string {
  if (m.digest) return t('messages.digest.head', { n: `${m.digest.count}${m.digest.more ? '+' : ''}` });
  if (m.job) return t(m.job.status === 'failed' ? 'messages.job.failed' : 'messages.job.done', { job: jobWords(m.job.kind) });
  return m.record?.title || `#${m.record?.id ?? ''}`;
}

function formOf(m: Message): string {
  if (m.kind === 'follow' && m.source) return 'follow_source';
  return (m.kind === 'assigned' || m.kind === 'follow') && m.times > 1 ? `${m.kind}_many` : m.kind;
}

export function sentenceOf(m: Message, { byName }: Catalogue): string {
  if (m.job) return '';
  if (m.digest) return Object.entries(m.digest.kinds).map(([kind, n]) => t('messages.digest.part', { kind: t(`messages.kind.${kind}`), n })).join(' · ');
  const name = (object: string | undefined) => { const o = byName.get(object ?? ''); return o ? inSentence(objectLabel(o)) : object ?? ''; };
  const who = m.by?.title || t('messages.somebody');
  return t(`messages.said.${formOf(m)}`, { who, what: name(m.source?.object ?? 'comment'), object: name(m.object), n: m.times });
}
