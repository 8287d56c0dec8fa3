import { expect, it } from 'vitest';
import { peopleFilter } from './people-filter';

it('asks for people by state, department and role', () => {
  expect(peopleFilter({ word: '', department: '', position: '', role: '', status: 'here' })).toBe('status != "left"');
  expect(peopleFilter({ word: '', department: '', position: '', role: '', status: 'all' })).toBe('');
  expect(peopleFilter({ word: '', department: '7', position: '', role: 'sel"ler', status: 'active' })).toBe('status = "active" and (department = "7" or other_departments in ("7")) and any(roles, code = "sel\\"ler")');
});

it('finds holders of a position, and roles that positions bring', () => {
  expect(peopleFilter({ word: '', department: '', position: '5', role: '', status: 'all' })).toBe('(position in ("5") or other_positions in ("5"))');
  expect(peopleFilter({ word: '', department: '', position: '', role: 'seller', status: 'all' }, ['5', '6'])).toBe('(any(roles, code = "seller") or position in ("5", "6") or other_positions in ("5", "6"))');
});
