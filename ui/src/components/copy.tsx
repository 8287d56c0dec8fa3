// One click and it is in the clipboard: numbers, addresses, names, WeChat ids.
import { Copy } from 'lucide-react';
import { toClipboard } from '@/lib/clipboard';
import { t } from '@/lib/i18n';
import { IconButton } from './icon-button';
import { showFailure, showToast } from './toast';

export async function copyText(text: string): Promise<void> {
  if (await toClipboard(text)) showToast(t('toast.copied'));
  else showFailure(t('toast.not_copied'));
}

export function CopyButton({ text, name, className = '' }: { text: string; name: string; className?: string }) {
  return <IconButton small icon={Copy} size={12} className={`copy-here ${className}`} label={t('action.copy_it', { name })} onClick={(e) => { e.preventDefault(); e.stopPropagation(); void copyText(text); }} />;
}
