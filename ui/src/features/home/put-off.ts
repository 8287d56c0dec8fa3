// When a to-do that is put off is due.

/** The same time of day, tomorrow: what was overdue for a week is not due yesterday again. */
export const putOff = (at: string, now = Date.now()): string => {
  const due = new Date(at), then = new Date(now);
  then.setDate(then.getDate() + 1);
  then.setHours(due.getHours(), due.getMinutes(), 0, 0);
  return then.toISOString();
};
