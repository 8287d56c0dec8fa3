import { text } from '../text/text';
import type { FieldKit } from '../kit';

export const longText: FieldKit = { ...text, width: 240, tall: true, operators: ['contains', 'null', 'not_null'] };
