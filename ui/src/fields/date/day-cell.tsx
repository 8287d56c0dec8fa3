// A day in the picker: with its lunar day for Chinese readers, and whether it is a holiday or a weekend that is worked.
import '@/styles/day-cell.css';
import { useQuery } from '@tanstack/react-query';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { get } from '@/lib/api';
import { language } from '@/lib/i18n';
import { lunarWord } from '@/lib/lunar';

interface Odd { off: string[]; work: string[] }
interface Info { type: string; originNode: ReactNode }

const day = (d: Dayjs): string => d.format('YYYY-MM-DD');

/** The six weeks that a month shows; asked for when the panel is open, once. */
function useOdd(month: Dayjs | null): Odd | undefined {
  const from = month?.startOf('month').subtract(7, 'day');
  return useQuery({
    queryKey: ['odd-days', from && day(from)], enabled: !!from, staleTime: 3_600_000,
    queryFn: ({ signal }): Promise<Odd> => get<Odd>('/me/calendar', { from: day(from!), to: day(from!.add(50, 'day')) }, signal),
  }).data;
}

function Cell({ date, odd }: { date: Dayjs; odd: Odd | undefined }) {
  const key = day(date);
  const zh = language() === 'zh-CN';
  const mark = odd?.off.includes(key) ? 'off' : odd?.work.includes(key) ? 'work' : '';
  const words = { off: zh ? '休' : 'Off', work: zh ? '班' : 'Work' };
  return (
    <div className={`ant-picker-cell-inner day-cell${zh ? ' lunar' : ''}`}>{date.date()}{zh && <small>{lunarWord(key)}</small>}
      {mark && <i className={mark}>{words[mark as 'off' | 'work']}</i>}</div>
  );
}

/** What a picker takes to show them. */
export function useDayCells(value: Dayjs | null) {
  const [shown, setShown] = useState<Dayjs | null>(null);
  const odd = useOdd(shown);
  return {
    onOpenChange: (open: boolean, now: Dayjs) => setShown(open ? value ?? now : null),
    onPanelChange: (month: Dayjs) => setShown(month),
    cellRender: (date: string | number | Dayjs, info: Info): ReactNode => (info.type === 'date' && typeof date === 'object' ? <Cell date={date} odd={odd} /> : info.originNode),
  };
}
