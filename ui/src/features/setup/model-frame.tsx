// The settings' frame around pages of the data model, with the way back to the list.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { SettingsFrame } from './settings-frame';

interface Props { title: string; parent?: { to: string; label: string }; children: ReactNode }

export function ModelFrame({ title, parent, children }: Props) {
  const crumbs = parent && <Link to={parent.to}>{parent.label}</Link>;
  return <SettingsFrame name={title} title={<span className="cut">{title}</span>} crumbs={crumbs}>{children}</SettingsFrame>;
}
