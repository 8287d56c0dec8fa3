import { readFileSync } from 'node:fs';
import { theme as antd } from 'antd';
import { expect, it } from 'vitest';
import { antdTheme } from '@/app/theme';
import tokens from './tokens.json';

it('tokens.css is what tokens.json says', async () => {
  const { tokensCss } = await import(/* @vite-ignore */ `${process.cwd()}/scripts/tokens.mjs`) as { tokensCss: (t: unknown) => string };
  expect(readFileSync('src/styles/tokens.css', 'utf8')).toBe(tokensCss(tokens));
});

/** WCAG contrast of two hex colours. */
function contrast(a: string, b: string): number {
  const light = (hex: string) => {
    const [r, g, bl] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
  };
  const [x, y] = [light(a), light(b)].sort((p, q) => q - p) as [number, number];
  return (x + 0.05) / (y + 0.05);
}

it.each(['light', 'dark'] as const)('text keeps 4.5 : 1 in %s', (mode) => {
  const p = tokens[mode];
  for (const ground of [p.page, p.surface, p.hover, p.selected]) for (const ink of [p.text, p.textSecondary, p.textTertiary]) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
  for (const [fg, bg] of [[p.danger, p.dangerSoft], [p.warning, p.warningSoft], [p.success, p.successSoft], [p.accentText, p.accentSoft]] as const) expect(contrast(fg, bg)).toBeGreaterThanOrEqual(4.5);
});

it.each(['light', 'dark'] as const)('words on a red button keep 4.5 : 1 in %s, at rest, hovered and pressed', (mode) => {
  const used = antd.getDesignToken(antdTheme(mode));
  for (const ground of [used.colorError, used.colorErrorHover, used.colorErrorActive]) expect(contrast(ground, tokens[mode].textOnDanger), ground).toBeGreaterThanOrEqual(4.5);
});
