// Skeletons have the shape of what comes; they appear only after 150 ms so that fast answers never flash.
import { useEffect, useState, type ReactNode } from 'react';
import { t } from '@/lib/i18n';

export function Delayed({ children, ms = 150 }: { children: ReactNode; ms?: number }) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return due ? <>{children}</> : null;
}

const WIDTHS = [150, 168, 126, 180, 140, 172];

export function TableSkeleton({ rows = 14, columns = 6 }: { rows?: number; columns?: number }) {
  return (
    <Delayed>
      <div className="sk-table" role="status" aria-label={t('state.loading')}>
        {Array.from({ length: rows }, (_, i) => (
          <div key={i} className="sk-row">
            <span className="sk logo" />
            <span className="sk" style={{ width: WIDTHS[i % WIDTHS.length] }} />
            {Array.from({ length: columns - 1 }, (_, j) => <span key={j} className="sk" style={{ width: 40 + ((i * 7 + j * 13) % 5) * 9 }} />)}
          </div>
        ))}
      </div>
    </Delayed>
  );
}

export function BlockSkeleton({ lines = 6 }: { lines?: number }) {
  return (
    <Delayed>
      <div className="sk-block" role="status" aria-label={t('state.loading')}>
        {Array.from({ length: lines }, (_, i) => <span key={i} className="sk" style={{ width: WIDTHS[i % WIDTHS.length]! * 2 }} />)}
      </div>
    </Delayed>
  );
}
