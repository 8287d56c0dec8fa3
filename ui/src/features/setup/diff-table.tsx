// Differences of the catalogue, side by side: where, what it was, what it is.
import { fullInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import type { Difference } from './api';

export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
}

const shown = (path: string[], value: unknown): string => (path.at(-1)?.endsWith('_at') && typeof value === 'number' ? fullInstant(new Date(value).toISOString()) : valueText(value));

export function DiffTable({ all }: { all: Difference[] }) {
  if (!all.length) return <p className="help">{t('setup.no_difference')}</p>;
  return (
    <div className="diff-scroll" tabIndex={0} role="region" aria-label={t('setup.differences')}>
      <table className="diff">
        <thead><tr><th scope="col">{t('setup.where')}</th><th scope="col">{t('setup.before')}</th><th scope="col">{t('setup.after')}</th></tr></thead>
        <tbody>{all.map((d) => <tr key={d.path.join('/')}><th scope="row"><code>{d.path.join(' › ')}</code></th><td>{'old' in d ? <del>{shown(d.path, d.old)}</del> : <span className="muted">{t('setup.nothing')}</span>}</td><td>{'new' in d ? <ins>{shown(d.path, d.new)}</ins> : <span className="muted">{t('setup.nothing')}</span>}</td></tr>)}</tbody>
      </table>
    </div>
  );
}
