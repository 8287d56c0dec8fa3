// Changes of a role laid over what others saved since they were begun, cell by cell and field by field.
import { ACTIONS, changedFields, fieldRight, grantOf, isChanged, withField, withGrant, type ObjectForm, type RoleForm } from './matrix';

/** Whole objects that were changed; `from`: the role as it was then; `both`: what others changed too, "account.read", "account:phone". */
export interface Kept { objects?: Record<string, ObjectForm>; system?: string[]; from?: RoleForm; both?: string[] }

function mergeObject(name: string, from: ObjectForm | undefined, mine: ObjectForm, now: ObjectForm | undefined, both: Set<string>): ObjectForm {
  let next: ObjectForm = { ...now };
  for (const action of ACTIONS) {
    if (!isChanged(from, mine, action)) continue;
    if (isChanged(from, now, action) && isChanged(mine, now, action)) both.add(`${name}.${action}`);
    next = withGrant(next, action, grantOf(mine, action));
  }
  for (const field of changedFields(from, mine)) {
    if (fieldRight(from, field) !== fieldRight(now, field) && fieldRight(mine, field) !== fieldRight(now, field)) both.add(`${name}:${field}`);
    next = withField(next, field, fieldRight(mine, field));
  }
  return next;
}

/** System rights are a set: what I added is in it, what I took away is not. */
function mergeSystem(from: string[], mine: string[], now: string[]): string[] {
  return [...now.filter((r) => mine.includes(r) || !from.includes(r)), ...mine.filter((r) => !from.includes(r) && !now.includes(r))];
}

export function mergeForms(kept: Kept, now: RoleForm): { draft: RoleForm; both: string[] } {
  const from = kept.from ?? now;
  const both = new Set(kept.both ?? []);
  const objects = { ...now.objects };
  for (const [name, mine] of Object.entries(kept.objects ?? {})) objects[name] = mergeObject(name, from.objects[name], mine, now.objects[name], both);
  return { draft: { objects, system: kept.system ? mergeSystem(from.system, kept.system, now.system) : now.system }, both: [...both] };
}
