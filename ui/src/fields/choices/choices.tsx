import { choiceLabel } from '@/lib/meta';
import { quote, type DisplayProps, type FieldKit } from '../kit';
import { ChoiceDisplay } from '../choice/choice';

export const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : typeof value === 'string' && value ? [value] : []);

const ChoicesDisplay = ({ field, value }: DisplayProps) => {
  const all = textsOf(value);
  return <span className="row gap8" style={{ minWidth: 0 }}>{all.slice(0, 3).map((code) => <ChoiceDisplay key={code} field={field} value={code} />)}{all.length > 3 && <span className="muted cap">+{all.length - 3}</span>}</span>;
};

export const choices: FieldKit = {
  Display: ChoicesDisplay,
  text: (field, value) => textsOf(value).map((code) => choiceLabel(field, code)).join('、'),
  wire: textsOf,
  literal: (value) => textsOf(value).map(quote).join(', '),
  operators: ['has', 'has_not', 'null', 'not_null'],
  width: 180,
};
