// While rows come: the real head, and rows of the real shape.
import { Delayed } from '@/components/skeleton';
import { t } from '@/lib/i18n';
import type { Column } from '../page/columns';
import { GridHead } from './grid-head';
import { trackStyle } from './track-style';

const ROWS = 14;
const share = (row: number, column: number): string => `${45 + ((row * 17 + column * 29) % 5) * 9}%`;
const nothing = () => {};

export function GridSkeleton({ columns, sort }: { columns: Column[]; sort: string }) {
  const style = trackStyle(columns);
  return (
    <Delayed>
      <div className="gxt" role="status" aria-label={t('state.loading')}>
        <GridHead columns={columns} sort={sort} style={style} all={false} some={false} onToggleAll={nothing} />
        {Array.from({ length: ROWS }, (_, i) => (
          <div key={i} className="tr still" style={style} aria-hidden>
            <div className="td check" />
            {columns.map((c, j) => <div key={c.field.name} className={c.right ? 'td num' : j === 0 ? 'td pin' : 'td'}>{j === 0 && <span className="sk logo" />}<span className="sk" style={{ width: share(i, j), marginLeft: j === 0 ? 8 : 0 }} /></div>)}
            <div className="td" />
          </div>
        ))}
      </div>
    </Delayed>
  );
}
