import type { CSSProperties } from 'react';
import { CHECK_WIDTH as CHECK, type Column } from '../page/columns';

/** One template for head, rows and skeleton: the same tracks from the same width, so columns align without a table. */
/** Behind the last column: where the actions of the row under the pointer stand, so that they cover nothing. */
const ACTIONS = 112;

export function trackStyle(columns: Column[]): CSSProperties {
  const tracks = columns.map((c) => (c.grows ? `minmax(${c.width}px, ${c.width}fr)` : `${c.width}px`));
  const width = CHECK + columns.reduce((sum, c) => sum + c.width, 0) + ACTIONS;
  return { gridTemplateColumns: `${CHECK}px ${tracks.join(' ')} minmax(${ACTIONS}px, 120fr)`, width: `max(100%, ${width}px)` };
}
