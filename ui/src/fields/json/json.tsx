import { quote, type DisplayProps, type FieldKit } from '../kit';

export const jsonText = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

const JsonDisplay = ({ value }: DisplayProps) => <code className="cut txt" title={jsonText(value)}>{jsonText(value)}</code>;

export const json: FieldKit = { Display: JsonDisplay, text: (_, v) => jsonText(v), wire: (v) => v ?? null, literal: (v) => quote(jsonText(v)), operators: ['null', 'not_null'], width: 200, tall: true };
