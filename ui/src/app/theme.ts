// tokens.json → Ant Design theme. Sizes come from the tokens; compactAlgorithm is not used (it makes text below 12 px).
import { theme as antd, type ThemeConfig } from 'antd';
import tokens from '@/styles/tokens.json';

type Palette = Record<string, string>;

export function antdTheme(mode: 'light' | 'dark'): ThemeConfig {
  const palette = tokens[mode] as Palette;
  const named = (o: Record<string, unknown>) => Object.fromEntries(Object.entries(o).map(([k, v]) =>
    [k, typeof v === 'string' ? v.replace(/@(\w+)/g, (_, name: string) => palette[name] ?? '') : v]));
  const token = Object.fromEntries(Object.entries(tokens.antd.token).map(([k, name]) => [k, palette[name]]));
  return {
    algorithm: mode === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: { ...token, ...tokens.antd.fixed, fontFamily: tokens.font.ui, fontFamilyCode: tokens.font.mono },
    components: Object.fromEntries(Object.entries(tokens.antd.components).map(([k, v]) => [k, named(v)])),
  };
}
