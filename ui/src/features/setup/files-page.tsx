// The whole configuration as one file: taken away, compared with what is here, laid over it.
import { Button, Checkbox, Popconfirm } from 'antd';
import { Download, FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { failureText } from '@/components/state';
import { t } from '@/lib/i18n';
import { useSignedIn } from '@/lib/me';
import { applyFiles, exportFiles, type ApplyAnswer, type ConfigFiles } from './api';
import { DiffTable } from './diff-table';
import { Refusals } from './parts';
import { useSubmit } from './use-submit';

/** What is chosen may be the export as it is, or the files alone. */
export function filesOf(text: string): ConfigFiles | null {
  try {
    const json = JSON.parse(text) as unknown;
    const files = json && typeof json === 'object' && 'files' in json ? (json as { files: unknown }).files : json;
    const ok = files && typeof files === 'object' && !Array.isArray(files) && Object.keys(files).length > 0 && Object.keys(files).every((k) => k.endsWith('.json'));
    return ok ? files as ConfigFiles : null;
  } catch {
    return null;
  }
}

function download(words: string, content: unknown) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: 'application/json' }));
  const a = Object.assign(document.createElement('a'), { href: url, download: words });
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function Export() {
  const { organisation } = useSignedIn();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const go = async () => {
    setBusy(true);
    setProblem('');
    try { download(`${organisation.name || 'guanxi'}-${new Date().toISOString().slice(0, 10)}.json`, await exportFiles()); } catch (e) { setProblem(failureText(e)); }
    setBusy(false);
  };
  return (
    <section>
      <h3>{t('setup.export')}</h3>
      <p className="soft">{t('setup.export_help')}</p>
      {problem && <div className="banner danger" role="alert"><div className="grow">{problem}</div></div>}
      <Button icon={<Download size={14} strokeWidth={1.75} />} loading={busy} onClick={() => void go()}>{t('setup.export_do')}</Button>
    </section>
  );
}

function Drop({ name: chosen, onFile }: { name?: string; onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => { const first = files?.[0]; if (first) onFile(first); };
  return (
    <>
      <button type="button" className={over ? 'config-drop over' : 'config-drop'} onClick={() => input.current?.click()} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={(e) => { e.preventDefault(); setOver(false); take(e.dataTransfer.files); }}>
        <FileUp size={16} strokeWidth={1.75} aria-hidden />{chosen ?? t('setup.choose_file')}
      </button>
      <input ref={input} type="file" accept=".json,application/json" hidden onChange={(e) => { take(e.target.files); e.target.value = ''; }} />
    </>
  );
}

function Apply() {
  const [chosen, setChosen] = useState<{ name: string; files: ConfigFiles } | null>(null);
  const [problem, setProblem] = useState('');
  const [drop, setDrop] = useState(false);
  const [answer, setAnswer] = useState<ApplyAnswer | null>(null);
  const form = useSubmit(() => {});
  const look = (files: ConfigFiles, allow: boolean) => void form.submit(async () => { setAnswer(null); setAnswer(await applyFiles(files, true, allow)); }, t('setup.compared'), { undo: false });
  const choose = async (file: File) => {
    const files = filesOf(await file.text());
    setChosen(files && { name: file.name, files });
    setAnswer(null);
    setProblem(files ? '' : t('setup.not_files', { name: file.name }));
    if (files) look(files, drop);
  };
  const apply = () => void form.submit(async () => { await applyFiles(chosen!.files, false, drop); setAnswer(null); setChosen(null); }, t('setup.applied'));
  return (
    <section>
      <h3>{t('setup.apply')}</h3>
      <p className="soft">{t('setup.apply_help')}</p>
      <Refusals of={form} />
      {problem && <div className="banner danger" role="alert"><div className="grow">{problem}</div></div>}
      <Drop name={chosen?.name} onFile={(file) => void choose(file)} />
      {chosen && <div className="row apply-options"><Checkbox checked={drop} onChange={(e) => { setDrop(e.target.checked); look(chosen.files, e.target.checked); }}>{t('setup.allow_drop')}</Checkbox></div>}
      {answer && (
        <>
          <div className="row between"><b role="status">{answer.diff.length ? t('setup.differences_n', { n: answer.diff.length }) : t('setup.no_difference')}</b>
            {answer.diff.length > 0 && <Popconfirm title={t('setup.apply_sure', { n: answer.diff.length })} okText={t('setup.apply_do')} cancelText={t('action.cancel')} onConfirm={apply}><Button type="primary" loading={form.busy}>{t('setup.apply_do')}</Button></Popconfirm>}
          </div>
          {answer.diff.length > 0 && <DiffTable all={answer.diff} />}
        </>
      )}
    </section>
  );
}

export default function FilesPage() {
  return <div className="pane layout-pane files"><Export /><Apply /></div>;
}
