import type { Label } from '@/lib/types';

/** Only what is filled: an empty label is no label. */
export const cleanLabel = (label: Label): Label => Object.fromEntries(Object.entries(label).map(([k, v]) => [k, v?.trim()]).filter(([, v]) => v));
