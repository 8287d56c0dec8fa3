import { Select } from 'antd';
import { iconOf } from '@/components/icons';

const ICONS = ['box', 'building', 'calendar', 'chart', 'file', 'folder', 'funnel', 'headset', 'key', 'kanban', 'layers', 'list', 'map', 'map-pin', 'megaphone', 'message', 'network', 'package', 'person', 'shapes', 'shield', 'store', 'target', 'ticket', 'truck', 'users', 'wallet', 'workflow'];

function Shown({ name: icon }: { name: string }) {
  const Icon = iconOf(icon);
  return <span className="row"><Icon size={16} strokeWidth={1.75} aria-hidden /><code>{icon}</code></span>;
}

export function IconPick({ value, onChange }: { value: string; onChange: (icon: string) => void }) {
  const all = value && !ICONS.includes(value) ? [value, ...ICONS] : ICONS;
  return <Select value={value || undefined} onChange={onChange} showSearch options={all.map((i) => ({ value: i, label: i }))} optionRender={(o) => <Shown name={String(o.value)} />} labelRender={(o) => <Shown name={String(o.value)} />} />;
}
