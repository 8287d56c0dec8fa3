// To whom something is opened: the words of the API for people and groups of them, each the name of an object.
import type { LinkValue } from './types';

export const KINDS = ['user', 'team', 'department', 'role'] as const;
export type Kind = (typeof KINDS)[number];
export type PrincipalKind = Kind | 'everyone';
/** In answers the value is a link, in requests an id; everyone is true. */
export type Principal = Partial<Record<Kind, LinkValue | string>> & { everyone?: true };

export const PERSON: Kind = 'user';

export function kindOf(principal: Principal): PrincipalKind {
  return KINDS.find((k) => principal[k] !== undefined) ?? 'everyone';
}

export function linkOfPrincipal(principal: Principal): LinkValue | null {
  const value = principal[kindOf(principal) as Kind];
  return typeof value === 'string' ? { id: value } : value ?? null;
}

/** As the API takes it: ids alone. */
export function wirePrincipal(kind: PrincipalKind, id: string | undefined): Principal {
  return kind === 'everyone' ? { everyone: true } : { [kind]: id ?? '' };
}

export const samePrincipal = (a: Principal, b: Principal): boolean => kindOf(a) === kindOf(b) && linkOfPrincipal(a)?.id === linkOfPrincipal(b)?.id;
