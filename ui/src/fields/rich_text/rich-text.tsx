import { asText, emptyToNull, quote, type DisplayProps, type FieldKit } from '../kit';
import { htmlNodes, htmlText } from './html';

/** Formatted where there is room for it; a cell of a list shows its first line (list.css). */
const RichTextDisplay = ({ field, value }: DisplayProps) => <div className="rich">{htmlNodes(asText(field, value))}</div>;

export const richText: FieldKit = { Display: RichTextDisplay, text: (f, v) => htmlText(asText(f, v)), wire: emptyToNull, literal: quote, operators: ['contains', 'null', 'not_null'], width: 240, tall: true };
