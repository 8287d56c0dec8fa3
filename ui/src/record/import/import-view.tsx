// From file to result in five steps: file, how it is read, what its columns mean, a dry run, the result.
import { Button } from 'antd';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import type { ImportError, ObjectMeta } from '@/lib/types';
import { FileDrop } from './file-drop';
import { ImportOptions } from './import-options';
import { ImportProgress } from './import-progress';
import { ImportResultCard } from './import-result';
import { choicesOf, fixedOf, mappingOf, mappingOfPreview, START, targetsOf, unfilled, wireOptions, type Fixed, type ImportChoices, type Mapping } from './mapping';
import { MappingTable } from './mapping-table';
import { MappingChoice } from './mappings';
import { PastImports } from './past-imports';
import { loadPreview, type Preview, type SavedOptions, type Source } from './preview';
import { Samples } from './samples';
import { SetValues } from './set-values';
import { SourceCard } from './source-card';
import { useImport, type ImportState } from './use-import';

const STEPS = ['file', 'read', 'map', 'check', 'result'] as const;
type Step = (typeof STEPS)[number];

function Steps({ step, reached, onGo }: { step: Step; reached: number; onGo: (step: Step) => void }) {
  const now = STEPS.indexOf(step);
  return (
    <ol className="steps" aria-label={t('import.steps')}>
      {STEPS.map((s, i) => (
        <li key={s} className={i === now ? 'on' : i < now ? 'past' : ''} aria-current={i === now ? 'step' : undefined}>
          <button type="button" disabled={i > reached} onClick={() => onGo(s)}><span className="num">{i + 1}</span><span>{t(`import.step.${s}`)}</span></button>
        </li>
      ))}
    </ol>
  );
}

function Foot({ back, next, onBack, onNext, disabled }: { back: boolean; next: string | null; onBack: () => void; onNext: () => void; disabled: boolean }) {
  return (
    <div className="row between import-foot">
      {back ? <Button icon={<ChevronLeft size={14} strokeWidth={1.75} />} onClick={onBack} disabled={disabled}>{t('import.back')}</Button> : <span />}
      {next && <Button type="primary" onClick={onNext} disabled={disabled}>{next}<ChevronRight size={14} strokeWidth={1.75} aria-hidden /></Button>}
    </div>
  );
}

/** The file and all that was decided about it. */
function useStudio(object: ObjectMeta, onRead: () => void) {
  const catalogue = useCatalogue();
  const targets = targetsOf(catalogue, object);
  const [file, setFile] = useState<File | null>(null);
  const [source, setSource] = useState<Source>({});
  const [preview, setPreview] = useState<Preview | null>(null);
  const [reading, setReading] = useState(false);
  const [chosen, setChosen] = useState('');
  const [mapping, setMapping] = useState<Mapping>({});
  const [fixed, setFixed] = useState<Fixed[]>([]);
  const [choices, setChoices] = useState<ImportChoices>(START);

  const fill = (seen: Preview, options: SavedOptions | null) => {
    const found = options ? mappingOf(object, options, seen, targets) : mappingOfPreview(object, seen, targets);
    setMapping(found);
    setFixed([...fixedOf(object, options), ...unfilled(object, found, fixedOf(object, options)).map((f) => ({ field: f.name, value: null }))]);
    setChoices(choicesOf(options));
  };
  const read = async (next: File, how: Source) => {
    setReading(true);
    try {
      const seen = await loadPreview(object, next, how);
      setFile(next);
      setSource(how);
      setPreview(seen);
      setChosen('');
      fill(seen, null);
      onRead();
    } catch (e) { showFailure(failureText(e)); }
    setReading(false);
  };
  const take = (id: string, options: SavedOptions | null) => { setChosen(id); if (preview && (options || !id)) fill(preview, options); };
  const options = (dryRun: boolean) => ({ ...source, ...wireOptions(object, mapping, fixed, { ...choices, dryRun }) });
  return { targets, file, source, preview, reading, chosen, mapping, setMapping, fixed, setFixed, choices, setChoices, read, take, options };
}

type Studio = ReturnType<typeof useStudio>;

function MapStep({ object, s, preview, onBack, onNext }: { object: ObjectMeta; s: Studio; preview: Preview; onBack: () => void; onNext: () => void }) {
  const keyless = s.choices.mode !== 'create' && !s.choices.key.length;
  const kept = () => { const options: Record<string, unknown> = s.options(false); delete options.dry_run; return options; };
  return (
    <>
      <MappingTable preview={preview} targets={s.targets} mapping={s.mapping} onChange={s.setMapping} choice={<MappingChoice object={object} ready={preview.ready} chosen={s.chosen} onTake={s.take} options={kept} />} />
      <SetValues object={object} mapping={s.mapping} fixed={s.fixed} columns={preview.columns.map((c) => c.name)} onChange={s.setFixed} />
      <ImportOptions object={object} mapping={s.mapping} fixed={s.fixed} targets={s.targets} choices={s.choices} onChange={s.setChoices} />
      <Foot back next={t('import.dry_run')} onBack={onBack} onNext={onNext} disabled={keyless} />
    </>
  );
}

/** The suggestion becomes part of the column's value map; the next run uses it. */
function accepted(s: Studio, error: ImportError): Mapping | null {
  const { preview } = s;
  const wrong = /[“"]([^”"]+)[”"]/.exec(error.message)?.[1] ?? preview?.rows[error.row - 1]?.[preview.columns.findIndex((c) => c.name === error.column)];
  const column = error.column ? s.mapping[error.column] : undefined;
  if (!column || !wrong || !error.suggestion || !error.column) return null;
  return { ...s.mapping, [error.column]: { ...column, values: { ...column.values, [wrong.trim()]: error.suggestion } } };
}

function RunStep({ object, s, work, dryRun, onGo, onStart, onAgain }: { object: ObjectMeta; s: Studio; work: ImportState; dryRun: boolean; onGo: (step: Step) => void; onStart: () => void; onAgain: () => void }) {
  const accept = (error: ImportError) => { const next = accepted(s, error); if (next) { s.setMapping(next); onGo('map'); } };
  const samples = dryRun ? work.job?.result?.samples ?? [] : [];
  if (work.running) return <ImportProgress job={work.job} onCancel={work.cancel} label={t(dryRun ? 'import.checking' : 'import.running')} />;
  return (
    <>
      {work.settled && work.job && <ImportResultCard object={object} job={work.job} dryRun={dryRun} work={work} onAccept={accept} />}
      {samples.length > 0 && <Samples object={object} samples={samples} />}
      {dryRun && <Foot back next={work.settled ? t('import.start') : null} onBack={() => onGo('map')} onNext={onStart} disabled={false} />}
      {!dryRun && work.settled && <div className="row end"><Button onClick={onAgain}>{t('import.another')}</Button></div>}
    </>
  );
}

function reachedOf(s: Studio, work: ImportState, dryRun: boolean): number {
  if (work.running) return -1;
  if (!s.preview) return 0;
  return work.job ? (dryRun ? 3 : 4) : 2;
}

export function ImportView({ object }: { object: ObjectMeta }) {
  const [step, setStep] = useState<Step>('file');
  const [dryRun, setDryRun] = useState(true);
  const work = useImport(object);
  const s = useStudio(object, () => { setStep('read'); work.reset(); });
  const { preview, file } = s;
  const start = (dry: boolean) => {
    if (!file) return;
    setDryRun(dry);
    setStep(dry ? 'check' : 'result');
    void work.start(file, s.options(dry));
  };
  const again = () => { work.reset(); setStep('file'); };
  return (
    <div className="import">
      <Steps step={step} reached={reachedOf(s, work, dryRun)} onGo={setStep} />
      {step === 'file' && <><FileDrop file={file} reading={s.reading} onFile={(f) => void s.read(f, {})} disabled={work.running || s.reading} />{preview && <Foot back={false} next={t('import.next')} onBack={again} onNext={() => setStep('read')} disabled={s.reading} />}<PastImports object={object} /></>}
      {step === 'read' && preview && file && <><SourceCard preview={preview} source={s.source} busy={s.reading} onChange={(source) => void s.read(file, source)} /><Foot back next={t('import.next')} onBack={() => setStep('file')} onNext={() => setStep('map')} disabled={s.reading} /></>}
      {step === 'map' && preview && <MapStep object={object} s={s} preview={preview} onBack={() => setStep('read')} onNext={() => start(true)} />}
      {(step === 'check' || step === 'result') && <RunStep object={object} s={s} work={work} dryRun={dryRun} onGo={setStep} onStart={() => start(false)} onAgain={again} />}
    </div>
  );
}
