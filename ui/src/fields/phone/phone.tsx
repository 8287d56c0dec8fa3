import { text } from '../text/text';
import { asText, type DisplayProps, type FieldKit } from '../kit';
import { phoneParts } from './format';

/** Grouped by space that is only seen: copied, the number is what was written. */
export const PhoneDisplay = ({ field, value }: DisplayProps) => {
  const number = asText(field, value);
  return <a className="cut ink tel" href={`tel:${number.replace(/(x|#|转|分机|ext).*$/i, '').replace(/[^\d+]/g, '')}`}>{phoneParts(number).map((part, i) => <span key={i}>{part}</span>)}</a>;
};

export const phone: FieldKit = { ...text, Display: PhoneDisplay, width: 140 };
