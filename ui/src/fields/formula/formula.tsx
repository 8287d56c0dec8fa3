// A formula looks like its result.
import { fields } from '../fields';
import type { DisplayProps, FieldKit } from '../kit';
import { text } from '../text/text';
import type { FieldMeta } from '@/lib/types';

const resultOf = (field: FieldMeta): FieldMeta => ({ ...field, type: field.result && field.result !== 'formula' ? field.result : 'text' });
const kitOf = (field: FieldMeta): FieldKit => (fields as Record<string, FieldKit>)[resultOf(field).type] ?? text;

const FormulaDisplay = ({ field, value }: DisplayProps) => {
  const { Display } = kitOf(field);
  return <Display field={resultOf(field)} value={value} />;
};

export const formula: FieldKit = { ...text, Display: FormulaDisplay, text: (field, value) => kitOf(field).text(resultOf(field), value), width: 112 };
