import type { LucideIcon } from 'lucide-react';
import type { MouseEvent } from 'react';

interface Props { icon: LucideIcon; label: string; onClick?: (e: MouseEvent<HTMLButtonElement>) => void; small?: boolean; size?: number; on?: boolean; disabled?: boolean; className?: string }

/** An icon that acts always has a name, for the tooltip and for those who do not see it. */
export function IconButton({ icon: Icon, label, onClick, small, size = small ? 14 : 16, on, disabled, className = '' }: Props) {
  const classes = `ib${small ? ' sm' : ''}${on ? ' on' : ''} ${className}`;
  return (
    <button type="button" className={classes} aria-label={label} title={label} aria-pressed={on} onClick={onClick} disabled={disabled}>
      <Icon size={size} strokeWidth={1.75} aria-hidden />
    </button>
  );
}
