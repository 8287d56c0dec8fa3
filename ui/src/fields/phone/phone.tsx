import { text } from '../text/text';
import { asText, type DisplayProps, type FieldKit } from '../kit';
import { groupPhone } from './format';

export const PhoneDisplay = ({ field, value }: DisplayProps) => {
  const number = asText(field, value);
  return <a className="cut ink" href={`tel:${number.replace(/[^\d+]/g, '')}`}>{groupPhone(number)}</a>;
};

export const phone: FieldKit = { ...text, Display: PhoneDisplay, text: (field, value) => groupPhone(asText(field, value)), width: 140 };
