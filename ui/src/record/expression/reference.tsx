// A small reference of the language beside the text: a click puts the function where the cursor stands.
import { t } from '@/lib/i18n';

const GROUPS: { key: string; functions: string[] }[] = [
  { key: 'compare', functions: ['a = b', 'a != b', 'a > b', 'a >= b', 'a ~ "b"', 'a in (b, c)', 'a is null', 'a and b', 'a or b', 'not a'] },
  { key: 'text', functions: ['lower(a)', 'upper(a)', 'length(a)', 'trim(a)', 'left(a, n)', 'right(a, n)', 'replace(a, b, c)', 'concat(a, b)', 'pinyin(a)'] },
  { key: 'number', functions: ['abs(a)', 'round(a, n)', 'floor(a)', 'ceil(a)', 'min(a, b)', 'max(a, b)', 'coalesce(a, b)'] },
  { key: 'decide', functions: ['if(a, b, c)', 'case(a, b, c)'] },
  { key: 'date', functions: ['today()', 'now()', 'days_ago(n)', 'days_ahead(n)', 'months_ago(n)', 'year(d)', 'quarter(d)', 'month(d)', 'week(d)', 'day(d)', 'weekday(d)', 'add_days(d, n)', 'add_months(d, n)', 'days_between(a, b)', 'workdays_between(a, b)', 'start_of("month", d)'] },
  { key: 'people', functions: ['me()', 'my_department()', 'my_departments()', 'my_teams()'] },
  { key: 'children', functions: ['count(list)', 'count(list, a)', 'sum(list, a)', 'avg(list, a)', 'any(list, a)', 'all(list, a)', 'none(list, a)', 'outer.a'] },
  { key: 'rule', functions: ['changed(a)', 'old(a)', 'is_new()'] },
];

export default function Reference({ onPick }: { onPick: (text: string) => void }) {
  return (
    <div className="reference" aria-label={t('expr.reference')} role="group">
      {GROUPS.map((g) => (
        <div key={g.key}>
          <div className="cap"><b>{t(`expr.group_${g.key}`)}</b> <span className="muted">{t(`expr.about_${g.key}`)}</span></div>
          <div className="words">{g.functions.map((f) => <button key={f} type="button" onMouseDown={(e) => e.preventDefault()} onClick={() => onPick(f)}><code>{f}</code></button>)}</div>
        </div>
      ))}
    </div>
  );
}
