// The quick follow-up above every timeline: text and save are enough. F opens it; Ctrl Enter saves; on a phone it is a sheet.
import '@/lib/followup-words';
import '@/styles/followup.css';
import { Button, Drawer } from 'antd';
import { CircleAlert, MessageSquarePlus } from 'lucide-react';
import { lazy, Suspense, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from 'react';
import { useSearchParams } from 'react-router';
import { t } from '@/lib/i18n';
import { useKeys } from '@/lib/keyboard';
import { fieldOf, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { MentionArea } from '@/record/mention/mention-area';
import { mentionedIn, withPerson } from '@/record/mention/mentions';
import { Unreached } from '@/record/mention/unreached';
import { useShell } from '@/record/page/shell-context';
import { subjectOf, type Subject } from './about';
import { Attached, AttachButtons, useAttachments } from './attach';
import { isBlank } from './draft';
import { Methods, Next, OfAccount, Result } from './parts';
import { UnsentHere } from './unsent-here';
import { useEntry } from './use-entry';

const Voice = lazy(() => import('./voice'));

function Form({ subject, onDone }: { subject: Subject; onDone: () => void }) {
  const { byName } = useCatalogue();
  const { followups, about, account } = subject;
  const { entry, change, save, busy, failure } = useEntry(subject);
  const [asked, setAsked] = useState(true);
  const [voice, setVoice] = useState(false);
  const plural = byName.get(about.object)?.plural ?? '';
  const field = (name: string) => fieldOf(followups, name);
  const attach = useAttachments(field('photos'), field('attachments'), change);
  const contacts = byName.get('contact');
  const deals = byName.get('opportunity');
  const method = field('method');
  const result = field('result');
  const submit = async () => { setAsked(false); if (await save()) onDone(); else setAsked(true); };
  const keys = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); void submit(); }
    if (e.key === 'Escape' && isBlank(entry)) onDone();
  };
  const paste = (e: ClipboardEvent) => { if (e.clipboardData.files.length) { e.preventDefault(); attach.take(e.clipboardData.files); } };
  const drop = (e: DragEvent) => { e.preventDefault(); attach.take(e.dataTransfer.files); };
  return (
    <form className="fu-form" aria-label={t('followup.write')} onSubmit={(e) => { e.preventDefault(); void submit(); }} onKeyDown={keys} onPaste={paste} onDrop={drop} onDragOver={(e) => e.preventDefault()}>
      <div className="fu-head">{method && <Methods field={method} value={entry.method} onChange={(m) => change({ method: m })} />}
        {account && contacts && field('contact') && <span className="end"><OfAccount object={contacts} filter={`account = ${JSON.stringify(account)}`} words={t('followup.contact')} value={entry.contact} onChange={(c) => change({ contact: c })} /></span>}</div>
      <MentionArea object={followups} className="fu-text" value={entry.text} placeholder={t('followup.hint')} label={t('followup.text')} focus={asked} onChange={(text) => change({ text })} onPerson={(person) => change((now) => ({ mentions: withPerson(now.mentions, person) }))} />
      <Unreached plural={plural} id={about.id} people={mentionedIn(entry.text, entry.mentions)} />
      <Attached entry={entry} change={change} running={attach.running} refused={attach.refused} />
      {voice && <Suspense><Voice onFile={(file) => attach.take([file])} onClose={() => setVoice(false)} /></Suspense>}
      {failure && <div className="banner danger" role="alert"><CircleAlert size={16} strokeWidth={1.75} aria-hidden /><div className="grow">{t('followup.failed', { reason: failure })}</div></div>}
      <div className="fu-foot">
        {result && <Result field={result} value={entry.result} onChange={(r) => change({ result: r })} />}
        {field('next_at') && <Next entry={entry} change={change} />}
        {about.object === 'account' && deals && <OfAccount object={deals} filter={`account = ${JSON.stringify(account)} and outcome = "open"`} words={t('followup.deal')} value={entry.deal} onChange={(d) => change({ deal: d })} />}
        <span className="end row gap4"><AttachButtons take={attach.take} onVoice={() => setVoice(true)} photos={!!field('photos')} files={!!field('attachments')} />
          <Button type="primary" htmlType="submit" loading={busy} disabled={!entry.text.trim() || attach.running.length > 0 || voice}>{t('action.save')}</Button></span>
      </div>
    </form>
  );
}

function Box({ subject }: { subject: Subject }) {
  const { phone } = useShell();
  const [params, setParams] = useSearchParams();
  const [open, setOpen] = useState(false);
  const asked = params.get('follow') === '1';
  const shown = open || asked;
  const close = () => { setOpen(false); if (asked) setParams((old) => { const next = new URLSearchParams(old); next.delete('follow'); return next; }, { replace: true }); };
  useKeys({ f: (e) => { e.preventDefault(); setOpen(true); } });
  const closed = <button type="button" className="fu-closed" onClick={() => setOpen(true)}><MessageSquarePlus size={16} strokeWidth={1.75} aria-hidden />{t('followup.open')}</button>;
  const waiting = <UnsentHere place={subject.place} />;
  if (phone) return <>{closed}{waiting}<Drawer open={shown} onClose={close} placement="bottom" size={440} title={t('followup.write')} className="fu-sheet" destroyOnHidden>{shown && <Form subject={subject} onDone={close} />}</Drawer></>;
  return <div className="fu-box">{shown ? <Form subject={subject} onDone={close} /> : closed}{waiting}</div>;
}

export default function FollowupBox({ object, record }: { object: ObjectMeta; record: Rec }) {
  const subject = subjectOf(useCatalogue(), object, record);
  return subject ? <Box key={record.id} subject={subject} /> : null;
}
