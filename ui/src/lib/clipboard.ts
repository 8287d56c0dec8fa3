// Text into the clipboard, also on a page that came without https, where the browser offers no clipboard of its own.

function bySelection(text: string): boolean {
  const area = document.createElement('textarea');
  const back = document.activeElement as HTMLElement | null;
  area.value = text;
  area.readOnly = true;
  area.setAttribute('aria-hidden', 'true');
  area.className = 'visually-hidden';
  // Inside an open dialog: its focus trap would take the selection away.
  (document.querySelector('[role=dialog]:last-of-type') ?? document.body).append(area);
  area.select();
  try { return document.execCommand('copy'); } catch { return false; } finally { area.remove(); back?.focus({ preventScroll: true }); }
}

export async function toClipboard(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) { await navigator.clipboard.writeText(text); return true; }
  } catch { /* refused: the old way may still do */ }
  return bySelection(text);
}
