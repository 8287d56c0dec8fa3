import { asText, emptyToNull, quote, TEXT_OPERATORS, type DisplayProps, type FieldKit } from '../kit';

/** Only the web: what is stored was checked, what is shown is checked again. */
export const isWeb = (address: string): boolean => /^https?:\/\//i.test(address);
export const shortUrl = (address: string): string => address.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '');

export const UrlDisplay = ({ field, value }: DisplayProps) => {
  const address = asText(field, value);
  if (!isWeb(address)) return <span className="cut">{address}</span>;
  return <a className="cut" href={address} target="_blank" rel="noopener noreferrer nofollow" title={address}>{shortUrl(address)}</a>;
};

export const url: FieldKit = { Display: UrlDisplay, text: asText, wire: emptyToNull, literal: quote, operators: TEXT_OPERATORS, width: 176 };
