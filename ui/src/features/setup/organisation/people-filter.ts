// What is asked of the list of people, as an expression.
import { quote } from '@/fields/kit';

export interface Asked { word: string; department: string; position: string; role: string; status: string }

const held = (ids: string[]): string => { const list = ids.map(quote).join(', '); return `position in (${list}) or other_positions in (${list})`; };

/** "here": all who have not left. A department or position is one's main one or another; a role by its code, or brought by one of these positions. */
export function peopleFilter({ department, position, role, status }: Asked, bringing: string[] = []): string {
  return [
    status === 'here' ? 'status != "left"' : status && status !== 'all' ? `status = ${quote(status)}` : '',
    department && `(department = ${quote(department)} or other_departments in (${quote(department)}))`,
    position && `(${held([position])})`,
    role && (bringing.length ? `(any(roles, code = ${quote(role)}) or ${held(bringing)})` : `any(roles, code = ${quote(role)})`),
  ].filter(Boolean).join(' and ');
}
