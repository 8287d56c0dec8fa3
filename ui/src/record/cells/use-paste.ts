// The course of a paste: rows are fetched, texts read, the server looks at all of it, then it is written; each step can be stopped.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { failureText } from '@/components/state';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { ListData } from '../list/list-view';
import type { Column } from '../page/columns';
import { changesOf, linesOf, MAX_ROWS, refused, type Line, type Paste } from './cell-lines';
import { CellsRefused, loadRows, tryCells, writeCells, type Told } from './write-cells';

export interface PasteProps { object: ObjectMeta; columns: Column[]; list: ListData; rows: Rec[]; paste: Paste; onClose: () => void }
export type Step = 'loading' | 'trying' | 'ready' | 'writing' | 'stopping';

/** What is left of a record after a refusal may be refused as well: so many times at most. */
const ROUNDS = 6;

/** What the server refuses is marked and left out, and the rest of those records looked at again. */
async function checked(object: ObjectMeta, from: Line[], told: Told, signal: AbortSignal): Promise<Line[]> {
  let lines = from;
  let changes = changesOf(lines);
  for (let i = 0; i < ROUNDS && changes.length; i++) {
    const refusals = await tryCells(object, changes, told, signal);
    if (!refusals.length) return lines;
    lines = refused(lines, i === ROUNDS - 1 ? refusals.map((r) => ({ ...r, field: null })) : refusals);
    const ids = new Set(refusals.map((r) => r.id));
    changes = changesOf(lines).filter((c) => ids.has(c.record.id));
  }
  return lines;
}

export function usePaste({ object, columns, list, rows, paste, onClose }: PasteProps) {
  const catalogue = useCatalogue();
  const client = useQueryClient();
  const [lines, setLines] = useState<Line[]>([]);
  const [step, setStep] = useState<Step>('loading');
  const [failure, setFailure] = useState('');
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const writing = useRef<AbortController | null>(null);
  const told: Told = (done, total) => setProgress({ done, total });

  const begin = async (signal: AbortSignal) => {
    const all = await loadRows(list.query, rows, paste.start.row + Math.min(MAX_ROWS, paste.grid.length));
    if (signal.aborted) return;
    const read = linesOf(catalogue, object, columns, all, paste);
    setLines(read);
    setStep('trying');
    const seen = await checked(object, read, told, signal);
    if (!signal.aborted) { setLines(seen); setStep('ready'); }
  };
  useEffect(() => {
    const abort = new AbortController();
    begin(abort.signal).catch((e: unknown) => { if (!abort.signal.aborted) { setFailure(failureText(e)); setStep('ready'); } });
    return () => abort.abort();
  }, []); // eslint-disable-line react-hooks/exhaustive-deps -- what was pasted, on the rows of that moment

  const failed = (e: unknown) => {
    if (e instanceof CellsRefused) setLines((old) => refused(old, [e.refusal]));
    setFailure(t('cells.none_written', { message: e instanceof CellsRefused ? e.message : failureText(e) }));
    setStep('ready');
  };
  const write = async () => {
    writing.current = new AbortController();
    setFailure('');
    setProgress({ done: 0, total: 0 });
    setStep('writing');
    try {
      await writeCells(client, object, changesOf(lines), told, writing.current.signal);
      onClose();
    } catch (e) {
      failed(e);
    }
  };
  const stop = () => {
    if (step === 'stopping') return;
    if (step !== 'writing') return onClose();
    setStep('stopping');
    writing.current?.abort();
  };
  return { lines, step, failure, progress, write, stop };
}
