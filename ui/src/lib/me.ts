import { createContext, useContext } from 'react';
import type { Me } from './types';

export const MeContext = createContext<Me | null>(null);

export function useSignedIn(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('signed-in user read outside the session gate');
  return me;
}

export const maySeeJobs = (system: string[] | undefined): boolean => !!system?.some((r) => r === 'see_jobs' || r === 'manage_jobs' || r === 'all');
export const mayManageJobs = (system: string[] | undefined): boolean => !!system?.some((r) => r === 'manage_jobs' || r === 'all');
export const mayManageViews = (system: string[] | undefined): boolean => !!system?.some((r) => r === 'manage_views' || r === 'customise' || r === 'all');
export const mayCustomise = (system: string[] | undefined): boolean => !!system?.some((r) => r === 'customise' || r === 'all');
export const maySystem = (system: string[] | undefined, right: string): boolean => !!system?.some((r) => r === right || r === 'all');
/** Who changes the organisation or the catalogue has settings to open. */
export const maySettings = (system: string[] | undefined): boolean => maySystem(system, 'customise') || maySystem(system, 'manage_users') || maySystem(system, 'hand_over') || maySystem(system, 'audit') || maySystem(system, 'manage_roles') || maySystem(system, 'api_keys');
