// Departments (indented as they stand), positions and roles to choose from.
import { useQuery } from '@tanstack/react-query';
import { mayRead, useCatalogue } from '@/lib/meta';
import { fetchRoles, roleName, rolesKey, type Role } from '../roles/api';
import { departmentsKey, fetchDepartments, fetchPositions, positionName, positionsKey } from './api';
import type { Rec } from '@/lib/types';
import { flat, treeOf } from './tree';

const NONE: Rec[] = [];
export function usePositions(): Rec[] {
  const { byName } = useCatalogue();
  const object = byName.get('position');
  return useQuery({ queryKey: positionsKey, queryFn: ({ signal }) => fetchPositions(signal), staleTime: 30_000, enabled: !!object && mayRead(object) }).data ?? NONE;
}

const NO_ROLES: Role[] = [];
export const useRoles = (): Role[] => useQuery({ queryKey: rolesKey, queryFn: ({ signal }) => fetchRoles(signal), staleTime: 30_000 }).data ?? NO_ROLES;

export function useOptions() {
  const departments = useQuery({ queryKey: departmentsKey, queryFn: ({ signal }) => fetchDepartments(signal), staleTime: 30_000 });
  const roles = useRoles();
  const positions = usePositions();
  return {
    positions: positions.map((r) => ({ value: r.id, label: positionName(r) })),
    departments: flat(treeOf(departments.data ?? [])).map((n) => ({ value: n.id, label: `${'　'.repeat(n.depth)}${n.name}` })),
    roles: roles.map((r) => ({ value: r.code, label: roleName(r) })),
  };
}
