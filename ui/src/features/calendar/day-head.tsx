// The head of a day: weekday and number, whether it is a holiday or a weekend that is worked, the lunar day in Chinese.
import { fullDay, today, weekday } from '@/lib/dates';
import { language, t } from '@/lib/i18n';
import { lunarWord } from '@/lib/lunar';
import type { CalendarAnswer } from './calendar-api';

export type OddDays = Pick<CalendarAnswer, 'off' | 'work'>;

export const isRest = (day: string, odd: OddDays): boolean => {
  const weekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  return (weekend && !odd.work.includes(day)) || odd.off.includes(day);
};

export const OddMark = ({ day, odd }: { day: string; odd: OddDays }) => (odd.off.includes(day) ? <span className="odd off">{t('cal.off')}</span> : odd.work.includes(day) ? <span className="odd work">{t('cal.work')}</span> : null);

export function DayHead({ day, odd, long }: { day: string; odd: OddDays; long?: boolean }) {
  return (
    <span className={`day-head${day === today() ? ' now' : ''}`}>
      {long && <span className="soft">{language() === 'zh-CN' ? weekday(day).replace('星期', '周') : weekday(day)}</span>}
      <b aria-hidden>{Number(day.slice(8))}</b><span className="visually-hidden">{fullDay(day)}</span>
      {language() === 'zh-CN' && <span className="lunar" aria-hidden>{lunarWord(day)}</span>}<OddMark day={day} odd={odd} />
    </span>
  );
}
