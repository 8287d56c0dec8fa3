// A small line of figures over days.
interface Props { values: number[]; words: string; width?: number; height?: number }

export function points(values: number[], width: number, height: number): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = (v: number) => (high === low ? height / 2 : height - 2 - ((v - low) / (high - low)) * (height - 4));
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values.map((v, i) => `${Math.round(i * step * 10) / 10},${Math.round(y(v) * 10) / 10}`).join(' ');
}

export function Sparkline({ values, words, width = 220, height = 40 }: Props) {
  if (values.length < 2) return null;
  const all = points(values, width, height);
  const [x, y] = all.split(' ').at(-1)!.split(',');
  return (
    <svg className="spark" viewBox={`-3 0 ${width + 6} ${height}`} width={width} height={height} role="img" aria-label={words}>
      <polyline points={all} fill="none" stroke="var(--gx-accent)" strokeWidth="1.5" strokeLinejoin="round" />
      <circle cx={x} cy={y} r="2.5" fill="var(--gx-accent)" />
    </svg>
  );
}
