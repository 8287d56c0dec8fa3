import { expect, it } from 'vitest';
import { peopleFilter } from './people-filter';

it('asks for people by state, department and role', () => {
  expect(peopleFilter({ word: '', department: '', role: '', status: 'here' })).toBe('status != "left"');
  expect(peopleFilter({ word: '', department: '', role: '', status: 'all' })).toBe('');
  expect(peopleFilter({ word: '', department: '7', role: 'sel"ler', status: 'active' })).toBe('status = "active" and (department = "7" or other_departments in ("7")) and any(roles, code = "sel\\"ler")');
});
