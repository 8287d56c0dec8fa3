// Days of a week, Monday first, as the server's start_of("week", …) counts them.
const DAY = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export function weekOf(day: string): string[] {
  const at = Date.parse(`${day}T00:00:00Z`);
  const monday = at - ((new Date(at).getUTCDay() + 6) % 7) * DAY;
  return Array.from({ length: 7 }, (_, i) => iso(monday + i * DAY));
}
