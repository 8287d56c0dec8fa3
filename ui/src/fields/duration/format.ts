/** PT76H30M ↔ 76:30: hours and minutes are how people tell lengths; seconds only where there are some. */
export function durationParts(iso: string): { negative: boolean; hours: number; minutes: number; seconds: number } | null {
  const match = /^(-)?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(iso);
  if (!match || iso.endsWith('P') || iso.endsWith('T')) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map((x) => Number(x ?? 0));
  const total = ((((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  return { negative: match[1] === '-', hours: Math.floor(total / 3600), minutes: Math.floor(total / 60) % 60, seconds: Math.round((total % 60) * 1000) / 1000 };
}

const two = (n: number): string => String(n).padStart(2, '0');

export function durationText(iso: string): string {
  const parts = durationParts(iso);
  if (!parts) return iso;
  const { negative, hours, minutes, seconds } = parts;
  const rest = seconds ? `:${seconds < 10 ? '0' : ''}${seconds}` : '';
  return `${negative ? '-' : ''}${hours}:${two(minutes)}${rest}`;
}

/** 1:30, 1:30:05, 90 (minutes) or ISO as ISO; null if it is none of these. */
export function durationOf(words: string): string | null {
  const text = words.trim();
  if (durationParts(text)) return text;
  const clock = /^(\d{1,6}):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (clock) return `PT${Number(clock[1])}H${Number(clock[2])}M${Number(clock[3] ?? 0)}S`;
  return /^\d{1,8}$/.test(text) ? `PT${Number(text)}M` : null;
}
