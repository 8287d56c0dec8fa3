// When a to-do that is put off is due.
import dayjs from 'dayjs';

/** The same time of day, tomorrow: what was overdue for a week is not due yesterday again. */
export const putOff = (at: string, now = Date.now()): string => {
  const due = dayjs(at);
  return dayjs(now).add(1, 'day').hour(due.hour()).minute(due.minute()).second(0).millisecond(0).toISOString();
};
