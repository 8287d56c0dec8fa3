// Places of generic pages that features fill; the application says with what.
import { createContext, useContext, type ComponentType } from 'react';
import type { ObjectMeta, Rec, TimelineItem } from '@/lib/types';

export interface Slots {
  /** Above the timeline of a record. */
  aboveTimeline?: ComponentType<{ object: ObjectMeta; record: Rec }>;
  /** What else can be done with the chosen rows of a list. */
  withChosen?: ComponentType<{ object: ObjectMeta; rows: Rec[]; onDone: () => void }>;
  /** In the bar of every page: what is new for me. */
  bell?: ComponentType<{ size: number }>;
  /** Entries of a timeline that are more than a title and a text, by their kind. */
  timelineEntries?: Record<string, ComponentType<{ item: TimelineItem }>>;
}

export const SlotsContext = createContext<Slots>({});
export const useSlots = (): Slots => useContext(SlotsContext);
