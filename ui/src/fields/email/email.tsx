import { text } from '../text/text';
import { asText, type DisplayProps, type FieldKit } from '../kit';

export const EmailDisplay = ({ field, value }: DisplayProps) => <a className="cut" href={`mailto:${asText(field, value)}`}>{asText(field, value)}</a>;

export const email: FieldKit = { ...text, Display: EmailDisplay, width: 176 };
