// Settings open with the first place that one may open.
import { Navigate } from 'react-router';
import { SettingsFrame } from './settings-frame';
import { usePlaces } from './places';

export default function SettingsHome() {
  const first = usePlaces()[0]?.places[0];
  return first ? <Navigate to={first.to} replace /> : <SettingsFrame name="" title="" may={false}>{null}</SettingsFrame>;
}
