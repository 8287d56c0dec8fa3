// One side of a preview: more or less than before, in words, with a few of what it is about.
import { ArrowDownRight, ArrowRightLeft, ArrowUpRight } from 'lucide-react';
import type { ReactNode } from 'react';

const SIDES = { gained: { Icon: ArrowUpRight, tone: 'good' }, lost: { Icon: ArrowDownRight, tone: 'late' }, changed: { Icon: ArrowRightLeft, tone: 'soft' } } as const;

export function SideRow({ side, text, children }: { side: keyof typeof SIDES; text: string; children?: ReactNode }) {
  const { Icon, tone } = SIDES[side];
  return (
    <div className="side-row">
      <Icon size={16} strokeWidth={1.75} aria-hidden className={tone} />
      <div className="grow"><div>{text}</div>{children && <div className="cap samples">{children}</div>}</div>
    </div>
  );
}
