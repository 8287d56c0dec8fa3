// tokens.json → src/styles/tokens.css: one variable per value, dark by redefinition, density by attribute.
import { readFileSync, writeFileSync } from 'node:fs';

const kebab = (s) => s.replace(/[A-Z]/g, (c) => '-' + c.toLowerCase());
const block = (selector, rows) => `${selector} {\n${rows.map(([k, v]) => `  --gx-${k}: ${v};`).join('\n')}\n}\n`;

function palette(tokens, mode) {
  const rows = Object.entries(tokens[mode]).map(([k, v]) => [kebab(k), v]);
  tokens.identity[mode].forEach(([bg, fg], i) => rows.push([`id${i}-bg`, bg], [`id${i}-fg`, fg]));
  tokens.chart[mode].forEach((c, i) => rows.push([`chart${i}`, c]));
  rows.push(['track', tokens.chart.track[mode]]);
  return rows;
}

function fixed(tokens) {
  const { size, radius, motion, font } = tokens;
  const px = (name, o) => Object.entries(o).filter(([, v]) => typeof v === 'number').map(([k, v]) => [`${name}-${kebab(k)}`, `${v}px`]);
  const ms = Object.entries(motion).map(([k, v]) => [`motion-${kebab(k)}`, typeof v === 'number' ? `${v}ms` : v]);
  return [['font', font.ui], ['mono', font.mono], ...px('size', size), ...px('radius', radius), ...ms, ['row', `${size.row.default}px`], ['row-phone', `${size.row.phone}px`]];
}

export function tokensCss(tokens) {
  const head = '/* Generated from tokens.json by `npm run tokens`; do not edit. */\n';
  return head + block(':root', fixed(tokens)) + block(':root', palette(tokens, 'light')) + block("[data-theme='dark']", palette(tokens, 'dark'))
    + ['compact', 'comfortable'].map((d) => block(`[data-density='${d}']`, [['row', `${tokens.size.row[d]}px`]])).join('');
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split('/').pop())) {
  const at = (p) => new URL(`../src/styles/${p}`, import.meta.url);
  writeFileSync(at('tokens.css'), tokensCss(JSON.parse(readFileSync(at('tokens.json'), 'utf8'))));
}
