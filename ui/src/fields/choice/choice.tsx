import { choiceLabel, choiceOf } from '@/lib/meta';
import { asText, emptyToNull, quote, SET_OPERATORS, type DisplayProps, type FieldKit } from '../kit';

const TINTS: Record<string, number> = { blue: 0, ultramarine: 0, teal: 1, cyan: 1, celadon: 1, purple: 2, violet: 2, wisteria: 2, red: 3, pink: 3, rouge: 3, orange: 3, green: 4, lime: 4, bamboo: 4, grey: 5, gray: 5, slate: 5, smoke: 5 };
const TONES: Record<string, string> = { accent: 'key', strong: 'key', outline: 'important', danger: 'danger', warning: 'warn', amber: 'warn', success: 'good' };

/** Order is shown by intensity (accent, outline, none), identity by a dot in one of six tints; no colour is plain text. */
export const ChoiceDisplay = ({ field, value }: DisplayProps) => {
  const code = asText(field, value);
  const color = choiceOf(field, code)?.color ?? '';
  const words = choiceLabel(field, code);
  if (TONES[color]) return <span className={`chip ${TONES[color]}`}><span className="cut">{words}</span></span>;
  const tint = TINTS[color];
  if (tint === undefined) return <span className="cut soft" title={words.length > 8 ? words : undefined}>{words}</span>;
  return <span className="choice"><i style={{ background: `var(--gx-id${tint}-fg)` }} aria-hidden /><span className="cut">{words}</span></span>;
};

export const choice: FieldKit = { Display: ChoiceDisplay, text: (f, v) => (v ? choiceLabel(f, asText(f, v)) : ''), wire: emptyToNull, literal: quote, operators: SET_OPERATORS, width: 112 };
