// Whose clock and money count: the signed-in user's time zone, the organisation's currency.
export interface Region { timeZone: string; currency: string }

const state: Region = { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'Asia/Shanghai', currency: 'CNY' };

export const region = (): Readonly<Region> => state;
export const setRegion = (change: Partial<Region>) => { Object.assign(state, change); };
