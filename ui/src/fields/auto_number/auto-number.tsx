import { text } from '../text/text';
import { asText, type DisplayProps, type FieldKit } from '../kit';

const AutoNumberDisplay = ({ field, value }: DisplayProps) => <span className="cut soft">{asText(field, value)}</span>;

export const autoNumber: FieldKit = { ...text, Display: AutoNumberDisplay, width: 132 };
