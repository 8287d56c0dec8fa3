// Messages while no page is open: this browser on and off, the others one has, a trial, and why one does not arrive.
import { useQuery } from '@tanstack/react-query';
import { Button, Switch } from 'antd';
import { Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { formatInstant } from '@/lib/dates';
import { hasMessage, t } from '@/lib/i18n';
import { canPush, fetchPush, thisDevice, tryDevice, turnOff, turnOn, type Device } from '@/lib/push';
import { KEY } from './messages-api';

const problemText = (problem: string) => (hasMessage(`messages.push.problem.${problem}`) ? t(`messages.push.problem.${problem}`) : t('messages.push.problem.other', { problem }));

function stateOf(d: Device): string {
  if (d.problem) return problemText(d.problem);
  return d.last_at ? t('messages.push.last', { time: formatInstant(d.last_at) }) : t('messages.push.none_yet');
}

interface RowProps { device: Device; here: boolean; onChanged: () => void }

function DeviceRow({ device, here, onChanged }: RowProps) {
  const name = device.label || t('messages.push.nameless');
  const remove = () => void turnOff(device.id).then(onChanged, (e: unknown) => showFailure(failureText(e)));
  const attempt = () => void tryDevice(device.id).then(() => showToast(t('messages.push.tried')), (e: unknown) => showFailure(failureText(e)));
  return (
    <li>
      <div><span>{here ? t('messages.push.here', { name }) : name}</span><span className={device.problem ? 'cap bad' : 'cap muted'}>{stateOf(device)}</span></div>
      <Button size="small" type="text" icon={<Send size={14} strokeWidth={1.75} />} aria-label={`${t('messages.push.try')} · ${name}`} title={t('messages.push.try')} onClick={attempt} />
      <Button size="small" type="text" icon={<Trash2 size={14} strokeWidth={1.75} />} aria-label={`${t('messages.push.remove')} · ${name}`} title={t('messages.push.remove')} onClick={remove} />
    </li>
  );
}

function failure(e: unknown): string {
  if (!(e instanceof DOMException)) return failureText(e);
  return t(e.name === 'NotAllowedError' ? 'messages.desktop_refused' : 'messages.push.no_service');
}

export function PushPart() {
  const query = useQuery({ queryKey: [KEY, 'push'], queryFn: ({ signal }) => fetchPush(signal) });
  const [busy, setBusy] = useState(false);
  if (!query.data) return null;
  const { key, devices } = query.data;
  const own = devices.find((d) => d.id === thisDevice());
  const change = async (on: boolean) => {
    setBusy(true);
    try {
      if (on && key) await turnOn(key);
      else if (own) await turnOff(own.id);
    } catch (e) { showFailure(failure(e)); }
    setBusy(false);
    void query.refetch();
  };
  return (
    <section className="ms-push" aria-label={t('messages.push.title')}>
      <label><Switch size="small" checked={Boolean(own)} loading={busy} disabled={!canPush() || !key} aria-label={t('messages.push.title')} onChange={(on) => void change(on)} /><span>{t('messages.push.title')}</span></label>
      <p className="muted cap">{t(canPush() ? (key ? 'messages.push.text' : 'messages.push.locked') : 'messages.push.cannot')}</p>
      {devices.length > 0 && <ul>{devices.map((d) => <DeviceRow key={d.id} device={d} here={d.id === own?.id} onChanged={() => void query.refetch()} />)}</ul>}
    </section>
  );
}
