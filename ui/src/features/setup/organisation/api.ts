// People, departments and teams as the settings need them: whole trees, members, passwords.
import { get, send } from '@/lib/api';
import { language } from '@/lib/i18n';
import type { Page, Rec } from '@/lib/types';

const DEPARTMENT_FIELDS = 'name,code,kind,parent,manager,deputies,position,is_active,headcount';
const PAGE = 200;
const MAX_PAGES = 25;

/** The whole tree: 5,000 departments at most. */
export async function fetchDepartments(signal?: AbortSignal): Promise<Rec[]> {
  const all: Rec[] = [];
  let after: string | null = null;
  for (let i = 0; i < MAX_PAGES; i++) {
    const page: Page = await get<Page>('/departments', { fields: DEPARTMENT_FIELDS, sort: 'id', limit: PAGE, count: 'none', after }, signal);
    all.push(...page.items);
    after = page.next;
    if (!after) break;
  }
  return all;
}

export const departmentsKey = ['related', 'departments', 'tree'];

/** A position as lists of the settings need it: what it is called, which roles it brings. */
export const positionsKey = ['related', 'positions', 'settings'];
export const fetchPositions = (signal?: AbortSignal) => get<Page>('/positions', { fields: 'name,name_en,code,department,roles,is_active,holder_count', sort: 'position', limit: PAGE, count: 'none' }, signal).then((p) => p.items);
export const positionName = (r: Rec): string => String((language() === 'en' && r.name_en) || r.name || r.code);

/** Those whose main department it is, and those who work there besides. */
export const fetchMembers = (id: string, signal?: AbortSignal) =>
  get<Page>('/users', { filter: `(department = ${JSON.stringify(id)} or other_departments in (${JSON.stringify(id)})) and status != "left"`, fields: 'name,position,job_title,department,status', sort: 'name', limit: 100 }, signal);

export const fetchTeamMembers = (ids: string[], signal?: AbortSignal) =>
  get<Page>('/team_members', { filter: `team in (${ids.map((i) => JSON.stringify(i)).join(', ')})`, fields: 'team,user,role', limit: PAGE, count: 'none' }, signal);

export const setPassword = (id: string, password: string) => send<null>('POST', `/users/${id}/password`, { body: { password } });
