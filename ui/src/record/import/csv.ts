// The head of a file, read in the browser: encoding, separator, columns and samples, enough to propose a mapping. The server reads the file itself.
export interface Sample { columns: string[]; rows: string[][]; encoding: 'utf-8' | 'gb18030'; complete: boolean }

const HEAD_BYTES = 512 * 1024;
const SEPARATORS = [',', '\t', ';', '|'];

export function decode(bytes: Uint8Array, complete: boolean): { text: string; encoding: 'utf-8' | 'gb18030' } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !complete }), encoding: 'utf-8' };
  } catch {
    return { text: new TextDecoder('gb18030').decode(bytes, { stream: !complete }), encoding: 'gb18030' };
  }
}

export function separatorOf(text: string): string {
  const line = text.slice(0, text.search(/\r|\n|$/));
  const count = (s: string) => line.split(s).length;
  return SEPARATORS.reduce((best, s) => (count(s) > count(best) ? s : best));
}

/** RFC 4180 rows; a row that the cut of the sample left open is dropped. */
export function parseRows(text: string, separator: string, complete: boolean): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = () => { row.push(cell); cell = ''; };
  const endRow = () => { endCell(); if (row.length > 1 || row[0] !== '') rows.push(row); row = []; };
  for (let i = 0; i < text.length; i++) {
    const ch = text[i]!;
    if (quoted && ch === '"' && text[i + 1] === '"') { cell += '"'; i++; }
    else if (ch === '"') quoted = quoted ? false : cell === '' || cell.trim() === '';
    else if (!quoted && ch === separator) endCell();
    else if (!quoted && ch === '\n') endRow();
    else if (quoted || ch !== '\r') cell += ch;
  }
  if (complete && (cell !== '' || row.length)) endRow();
  return rows;
}

export async function readSample(file: File): Promise<Sample> {
  const complete = file.size <= HEAD_BYTES;
  const { text, encoding } = decode(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()), complete);
  const plain = text.replace(/^\uFEFF/, '');
  const [columns = [], ...rows] = parseRows(plain, separatorOf(plain), complete);
  return { columns: columns.map((c) => c.trim()), rows, encoding, complete };
}

export function distinct(sample: Sample, column: number, limit: number): string[] {
  const found = new Set<string>();
  for (const row of sample.rows) {
    const value = (row[column] ?? '').trim();
    if (value) found.add(value);
    if (found.size >= limit) break;
  }
  return [...found];
}
