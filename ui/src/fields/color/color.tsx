import { label } from '@/lib/i18n';
import { asText, emptyToNull, quote, SET_OPERATORS, type DisplayProps, type FieldKit } from '../kit';

export const TINTS: { code: string; label: { 'zh-CN': string; en: string } }[] = [
  { code: 'ultramarine', label: { 'zh-CN': '群青', en: 'Ultramarine' } }, { code: 'celadon', label: { 'zh-CN': '青瓷', en: 'Celadon' } },
  { code: 'wisteria', label: { 'zh-CN': '藤紫', en: 'Wisteria' } }, { code: 'rouge', label: { 'zh-CN': '胭脂', en: 'Rouge' } },
  { code: 'bamboo', label: { 'zh-CN': '竹绿', en: 'Bamboo' } }, { code: 'slate', label: { 'zh-CN': '烟灰', en: 'Slate' } },
];

export const tintName = (code: string): string => label(TINTS.find((x) => x.code === code)?.label, code);

export function TintDot({ code }: { code: string }) {
  const at = TINTS.findIndex((x) => x.code === code);
  return at < 0 ? null : <i style={{ background: `var(--gx-id${at}-fg)` }} aria-hidden />;
}

const ColorDisplay = ({ field, value }: DisplayProps) => {
  const code = asText(field, value);
  return <span className="choice"><TintDot code={code} /><span className="cut">{tintName(code)}</span></span>;
};

export const color: FieldKit = { Display: ColorDisplay, text: (f, v) => tintName(asText(f, v)), wire: emptyToNull, literal: quote, operators: SET_OPERATORS, width: 104 };
