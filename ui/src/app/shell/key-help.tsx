import { Modal } from 'antd';
import { Fragment } from 'react';
import { Kbd } from '@/components/kbd';
import { t } from '@/lib/i18n';

const KEYS: [string[], string][] = [
  [['Ctrl', 'K'], 'keys.palette'], [['/'], 'keys.find'], [['C'], 'keys.new'], [['E'], 'keys.edit'], [['F'], 'keys.followup'], [['J'], 'keys.down'], [['K'], 'keys.up'], [['X'], 'keys.select'], [['↵'], 'keys.open'],
  [['[', ']'], 'keys.neighbours'], [['Ctrl', '↵'], 'keys.save'], [['Ctrl', 'Z'], 'keys.undo'], [['Space', '← →', 'Space'], 'keys.drag'], [['?'], 'keys.help'],
];

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Modal open onCancel={onClose} footer={null} title={t('keys.title')} width={420}>
      <div className="keys-grid">{KEYS.map(([keys, what]) => <Fragment key={what}><span>{keys.map((k, i) => <Kbd key={i}>{k}</Kbd>)}</span><span>{t(what)}</span></Fragment>)}</div>
    </Modal>
  );
}
