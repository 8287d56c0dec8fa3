// Sums and products of decimal strings without floats: what a form suggests must be what the server would store.
interface Exact { n: bigint; scale: number }

export function exact(text: unknown): Exact | null {
  const found = typeof text === 'string' || typeof text === 'number' ? /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(text)) : null;
  if (!found) return null;
  const fraction = found[3] ?? '';
  return { n: BigInt(found[1]! + found[2]! + fraction), scale: fraction.length };
}

const power = (n: number): bigint => 10n ** BigInt(n);
const at = (x: Exact, scale: number): bigint => x.n * power(scale - x.scale);

export function plus(a: Exact, b: Exact): Exact {
  const scale = Math.max(a.scale, b.scale);
  return { n: at(a, scale) + at(b, scale), scale };
}
export const minus = (a: Exact, b: Exact): Exact => plus(a, { n: -b.n, scale: b.scale });
export const times = (a: Exact, b: Exact): Exact => ({ n: a.n * b.n, scale: a.scale + b.scale });

/** Half to even, as money is rounded everywhere. */
export function rounded(x: Exact, scale: number): string {
  let n = x.scale <= scale ? at(x, scale) : x.n;
  if (x.scale > scale) {
    const by = power(x.scale - scale), negative = n < 0n, size = negative ? -n : n;
    const whole = size / by, rest = (size % by) * 2n;
    const up = rest > by || (rest === by && whole % 2n === 1n);
    n = (whole + (up ? 1n : 0n)) * (negative ? -1n : 1n);
  }
  const digits = (n < 0n ? -n : n).toString().padStart(scale + 1, '0');
  return `${n < 0n ? '-' : ''}${scale ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits}`;
}
