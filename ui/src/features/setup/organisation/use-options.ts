// Departments (indented as they stand) and roles to choose from.
import { useQuery } from '@tanstack/react-query';
import { fetchRoles, roleName, rolesKey } from '../roles/api';
import { departmentsKey, fetchDepartments } from './api';
import { flat, treeOf } from './tree';

export function useOptions() {
  const departments = useQuery({ queryKey: departmentsKey, queryFn: ({ signal }) => fetchDepartments(signal), staleTime: 30_000 });
  const roles = useQuery({ queryKey: rolesKey, queryFn: ({ signal }) => fetchRoles(signal), staleTime: 30_000 });
  return {
    departments: flat(treeOf(departments.data ?? [])).map((n) => ({ value: n.id, label: `${'　'.repeat(n.depth)}${n.name}` })),
    roles: (roles.data ?? []).map((r) => ({ value: r.code, label: roleName(r) })),
  };
}
