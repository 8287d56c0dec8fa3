import type { CSSProperties } from 'react';
import { CHECK_WIDTH as CHECK, type Column } from '../page/columns';

/** One template for head, rows and skeleton: the same tracks from the same width, so columns align without a table. */
export function trackStyle(columns: Column[]): CSSProperties {
  const tracks = columns.map((c) => (c.grows ? `minmax(${c.width}px, ${c.width}fr)` : `${c.width}px`));
  const width = CHECK + columns.reduce((sum, c) => sum + c.width, 0);
  return { gridTemplateColumns: `${CHECK}px ${tracks.join(' ')} minmax(0, 120fr)`, width: `max(100%, ${width}px)` };
}
