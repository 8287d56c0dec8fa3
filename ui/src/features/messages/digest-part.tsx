// When the digest comes: by day or week, at what time, on workdays, with a window of the desktop.
import { Checkbox, Select } from 'antd';
import { formatInstant } from '@/lib/dates';
import { language, t } from '@/lib/i18n';
import type { DigestTimes } from './messages-api';

/** 1970-01-05 was a Monday. */
const weekdays = () => [1, 2, 3, 4, 5, 6, 7].map((n) => ({ value: n, label: new Intl.DateTimeFormat(language(), { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(1970, 0, 4 + n)) }));

export function DigestPart({ times, used, onChange }: { times: DigestTimes; used: boolean; onChange: (part: Partial<DigestTimes>) => void }) {
  return (
    <section className="ms-digest" aria-label={t('messages.digest')}>
      <h3>{t('messages.digest')}</h3>
      <p className="muted cap">{used ? t('messages.digest.next', { time: formatInstant(times.next_at) }) : t('messages.digest.unused')}</p>
      <div className="row gap8">
        <Select size="small" aria-label={t('messages.digest.every')} value={times.every} onChange={(every) => onChange({ every })} popupMatchSelectWidth={false} options={(['day', 'week'] as const).map((value) => ({ value, label: t(`messages.digest.${value}`) }))} />
        {times.every === 'week' && <Select size="small" aria-label={t('messages.digest.weekday')} value={times.weekday} onChange={(weekday) => onChange({ weekday })} popupMatchSelectWidth={false} options={weekdays()} />}
        <input type="time" className="ms-time" aria-label={t('messages.digest.at')} value={times.at} onChange={(e) => { if (/^\d\d:\d\d$/.test(e.target.value)) onChange({ at: e.target.value }); }} />
      </div>
      <Checkbox checked={times.workdays} onChange={(e) => onChange({ workdays: e.target.checked })}>{t('messages.digest.workdays')}</Checkbox>
      <Checkbox checked={times.desktop} onChange={(e) => onChange({ desktop: e.target.checked })}>{t('messages.digest.desktop')}</Checkbox>
      <p className="muted cap">{t('messages.digest.mail')}</p>
    </section>
  );
}
