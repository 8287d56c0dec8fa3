import { Star } from 'lucide-react';
import { emptyToNull, ORDER_OPERATORS, asText, type DisplayProps, type FieldKit } from '../kit';

export const most = (max: unknown): number => (typeof max === 'number' ? max : 5);

const RatingDisplay = ({ field, value }: DisplayProps) => {
  const stars = Number(value);
  return (
    <span className="stars" role="img" aria-label={`${stars} / ${most(field.max)}`}>
      {Array.from({ length: most(field.max) }, (_, i) => <Star key={i} size={12} className={i < stars ? 'on' : 'off'} aria-hidden />)}
    </span>
  );
};

export const rating: FieldKit = { Display: RatingDisplay, text: asText, wire: emptyToNull, literal: (v) => String(v ?? '0'), operators: ORDER_OPERATORS, width: 104 };
