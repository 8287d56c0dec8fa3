// A form's sections as one flat list of rows, so that a field can be moved across sections by drag and by keys.
import type { Label, LayoutSection } from '@/lib/types';

export type SectionRow = { kind: 'section'; key: string; label: Label; tab?: Label; columns: number; collapsed: boolean };
export type FieldRow = { kind: 'field'; key: string; name: string };
export type Row = SectionRow | FieldRow;

export function rowsOf(sections: LayoutSection[]): Row[] {
  return sections.flatMap((s, i): Row[] => [
    { kind: 'section', key: `section ${i}`, label: s.label ?? {}, tab: s.tab, columns: s.columns ?? 2, collapsed: s.collapsed ?? false },
    ...s.fields.map((name): Row => ({ kind: 'field', key: name, name })),
  ]);
}

export function sectionsOf(rows: Row[]): LayoutSection[] {
  const sections: LayoutSection[] = [];
  for (const row of rows) {
    if (row.kind === 'section') sections.push({ ...(Object.keys(row.label).length ? { label: row.label } : {}), ...(row.tab ? { tab: row.tab } : {}), columns: row.columns, ...(row.collapsed ? { collapsed: true } : {}), fields: [] });
    else sections.at(-1)?.fields.push(row.name);
  }
  return sections;
}

/** A field goes anywhere below the first head. */
export function moveField(rows: Row[], from: number, to: number): Row[] {
  const row = rows[from];
  if (!row || row.kind !== 'field') return rows;
  const rest = rows.filter((_, i) => i !== from);
  const at = Math.max(1, Math.min(rest.length, to));
  return [...rest.slice(0, at), row, ...rest.slice(at)];
}

const endOf = (rows: Row[], head: number): number => {
  const next = rows.findIndex((r, i) => i > head && r.kind === 'section');
  return next < 0 ? rows.length : next;
};
const heads = (rows: Row[]): number[] => rows.flatMap((r, i) => (r.kind === 'section' ? [i] : []));

/** The whole section with its fields goes before the one above, or behind the one below. */
export function moveSection(rows: Row[], key: string, step: -1 | 1): Row[] {
  const all = heads(rows);
  const which = all.findIndex((h) => rows[h]!.key === key);
  const upper = step < 0 ? which - 1 : which;
  if (which < 0 || upper < 0 || upper + 1 >= all.length) return rows;
  const [a, b] = [all[upper]!, all[upper + 1]!];
  const end = endOf(rows, b);
  return [...rows.slice(0, a), ...rows.slice(b, end), ...rows.slice(a, b), ...rows.slice(end)];
}

/** Fields of a section that goes join the one above (or below, of the first). */
export function dropSection(rows: Row[], key: string): Row[] {
  if (heads(rows).length < 2) return rows;
  const at = rows.findIndex((r) => r.key === key);
  const rest = rows.filter((r) => r.key !== key);
  if (at > 0) return rest;
  const next = rest.findIndex((r) => r.kind === 'section');
  return [rest[next]!, ...rest.slice(0, next), ...rest.slice(next + 1)];
}

export function addSection(rows: Row[]): Row[] {
  const numbers = rows.filter((r) => r.kind === 'section').map((r) => Number(r.key.split(' ')[1]));
  return [...rows, { kind: 'section', key: `section ${Math.max(-1, ...numbers) + 1}`, label: {}, columns: 2, collapsed: false }];
}

export function addField(rows: Row[], section: string, name: string): Row[] {
  const head = rows.findIndex((r) => r.key === section);
  const at = endOf(rows, head);
  return [...rows.slice(0, at), { kind: 'field', key: name, name }, ...rows.slice(at)];
}
