// The day of time travel, chosen from a calendar; loaded when somebody asks for the past.
import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { t } from '@/lib/i18n';

interface Props { asOf: string; pick: (day: string | null) => void }

export default function AsOfDay({ asOf, pick }: Props) {
  return (
    <DatePicker autoFocus value={asOf ? dayjs(asOf) : null} disabledDate={(day) => day.isAfter(dayjs(), 'day')}
      onChange={(day: dayjs.Dayjs | null) => pick(day ? day.format('YYYY-MM-DD') : null)} aria-label={t('past.day')} />
  );
}
