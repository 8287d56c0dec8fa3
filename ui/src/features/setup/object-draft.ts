// A new object while it is being made. Every object starts with a name; it is its title.
import type { Label } from '@/lib/types';
import { cleanLabel } from './labels';
import { initialsOf } from './names';

export const AREAS = ['sales', 'marketing', 'service', 'custom'];

export interface ObjectDraft { label: Label; object: string; plural: string; area: string; icon: string; owned: boolean; numbered: boolean; number: string; followed: boolean; line: boolean; history: boolean; timeline: boolean; help: Label }
export const START: ObjectDraft = { label: {}, object: '', plural: '', area: 'custom', icon: 'box', owned: true, numbered: false, number: '', followed: false, line: false, history: true, timeline: true, help: {} };

export function objectBody(draft: ObjectDraft): Record<string, unknown> {
  const traits = [draft.owned && 'owned', draft.numbered && 'numbered', draft.followed && 'followed'].filter(Boolean);
  return {
    object: draft.object, plural: draft.plural, area: draft.area, icon: draft.icon, label: cleanLabel(draft.label), title: 'name', traits,
    ...(draft.numbered ? { number: draft.number.trim() || `${initialsOf(draft.object)}{YYYY}{0000}` } : {}),
    history: draft.history, timeline: draft.timeline,
    fields: [{ name: 'name', type: 'text', required: true, search: true, label: { 'zh-CN': '名称', en: 'Name' } }],
  };
}
