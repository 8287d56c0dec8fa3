// One page from file to result: file, mapping, options, progress, figures, errors, undo.
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { t } from '@/lib/i18n';
import { fieldOf, useCatalogue } from '@/lib/meta';
import type { ImportError, ObjectMeta } from '@/lib/types';
import { distinct, readSample, type Sample } from './csv';
import { FileDrop } from './file-drop';
import { ImportResultCard } from './import-result';
import { guess, guessValues, targetsOf, unfilled, wireOptions, type Fixed, type ImportChoices, type Mapping } from './mapping';
import { MappingTable } from './mapping-table';
import { ImportOptions } from './import-options';
import { ImportProgress } from './import-progress';
import { SetValues } from './set-values';
import { useImport } from './use-import';

const VALUE_LIMIT = 12;
const START: ImportChoices = { mode: 'create', key: ['external_id'], createMissing: [], dryRun: true };

export function ImportView({ object }: { object: ObjectMeta }) {
  const catalogue = useCatalogue();
  const [file, setFile] = useState<File | null>(null);
  const [sample, setSample] = useState<Sample | null>(null);
  const [mapping, setMapping] = useState<Mapping>({});
  const [fixed, setFixed] = useState<Fixed[]>([]);
  const [choices, setChoices] = useState<ImportChoices>(START);
  const work = useImport(object);
  const targets = targetsOf(catalogue, object);

  const take = async (next: File) => {
    try {
      const read = await readSample(next);
      const guessed = guess(object, read.columns, targets);
      for (const [i, column] of read.columns.entries()) {
        const field = fieldOf(object, guessed[column]?.path ?? '');
        if (field?.type === 'choice') guessed[column] = { path: field.name, values: guessValues(field, distinct(read, i, VALUE_LIMIT)) };
      }
      setFile(next);
      setSample(read);
      setMapping(guessed);
      setFixed(unfilled(object, guessed).map((f) => ({ field: f.name, value: null })));
      work.reset();
    } catch (e) {
      showFailure(failureText(e));
    }
  };

  /** The suggestion becomes part of the column's value map; the next run uses it. */
  const accept = (error: ImportError) => {
    if (!error.column || !error.suggestion) return;
    const wrong = sample?.rows[error.row - 1]?.[sample.columns.indexOf(error.column)] ?? /[“"]([^”"]+)[”"]/.exec(error.message)?.[1];
    const column = mapping[error.column];
    if (column && wrong) setMapping({ ...mapping, [error.column]: { ...column, values: { ...column.values, [wrong.trim()]: error.suggestion } } });
  };

  const start = (dryRun: boolean) => { if (file) void work.start(file, wireOptions(object, mapping, fixed, { ...choices, dryRun })); };
  return (
    <div className="import">
      <FileDrop file={file} sample={sample} onFile={(f) => void take(f)} disabled={work.running} />
      {sample && file && (
        <>
          <MappingTable sample={sample} targets={targets} mapping={mapping} onChange={setMapping} limit={VALUE_LIMIT} />
          <SetValues object={object} mapping={mapping} fixed={fixed} columns={sample.columns} onChange={setFixed} />
          <ImportOptions object={object} mapping={mapping} fixed={fixed} targets={targets} choices={choices} onChange={setChoices} busy={work.running} onStart={start} />
        </>
      )}
      {work.running && <ImportProgress job={work.job} onCancel={work.cancel} label={t('import.running')} />}
      {work.settled && work.job && <ImportResultCard object={object} job={work.job} dryRun={choices.dryRun} work={work} onAccept={accept} />}
    </div>
  );
}
