import { asText, emptyToNull, quote, type DisplayProps, type FieldKit } from '../kit';

/** A mask, or the value for who has the right: the server decides. */
const SecretDisplay = ({ field, value }: DisplayProps) => <span className="cut mono">{asText(field, value)}</span>;

export const secret: FieldKit = { Display: SecretDisplay, text: asText, wire: emptyToNull, literal: quote, operators: ['eq', 'null', 'not_null'], width: 120 };
