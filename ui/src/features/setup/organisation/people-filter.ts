// What is asked of the list of people, as an expression.
import { quote } from '@/fields/kit';

export interface Asked { word: string; department: string; role: string; status: string }

/** "here": all who have not left. A department is one's main one or another; a role by its code. */
export function peopleFilter({ department, role, status }: Asked): string {
  return [
    status === 'here' ? 'status != "left"' : status && status !== 'all' ? `status = ${quote(status)}` : '',
    department && `(department = ${quote(department)} or other_departments in (${quote(department)}))`,
    role && `any(roles, code = ${quote(role)})`,
  ].filter(Boolean).join(' and ');
}
