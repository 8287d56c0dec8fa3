import { entryLabel } from '@/lib/meta';
import { quote, type DisplayProps, type FieldKit } from '../kit';

export const PARTS = ['country', 'province', 'city', 'district', 'street', 'postcode'] as const;
export type AddressValue = Partial<Record<(typeof PARTS)[number], string | null>>;

export const addressOf = (value: unknown): AddressValue => (value && typeof value === 'object' && !Array.isArray(value) ? (value as AddressValue) : {});

/** From the largest to the smallest; our own country goes without saying. */
export function addressText(value: unknown): string {
  const a = addressOf(value);
  const words = PARTS.map((part) => {
    const text = a[part];
    if (!text || (part === 'country' && text === 'CN')) return '';
    return part === 'province' || part === 'city' ? entryLabel(part, text) : text;
  }).filter(Boolean);
  return words.every((x) => /[\u2e80-\u9fff]/.test(x)) ? words.join('') : words.join(' ');
}

const AddressDisplay = ({ value }: DisplayProps) => <span className="cut txt" title={addressText(value)}>{addressText(value)}</span>;

export const address: FieldKit = {
  Display: AddressDisplay,
  text: (_, value) => addressText(value),
  wire: (value) => {
    const a = addressOf(value);
    const parts = PARTS.map((part) => [part, a[part]?.trim() ? a[part]!.trim() : null] as const);
    return parts.some(([, text]) => text) ? Object.fromEntries(parts) : null;
  },
  literal: (value) => quote(addressText(value)),
  operators: ['null', 'not_null'],
  width: 240,
};
