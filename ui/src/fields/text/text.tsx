import { asText, emptyToNull, quote, TEXT_OPERATORS, type DisplayProps, type FieldKit } from '../kit';

export const TextDisplay = ({ field, value }: DisplayProps) => {
  const text = asText(field, value);
  return <span className="cut txt" title={text.length > 16 ? text : undefined}>{text}</span>;
};

export const text: FieldKit = { Display: TextDisplay, text: asText, wire: emptyToNull, literal: quote, operators: TEXT_OPERATORS, width: 160 };
