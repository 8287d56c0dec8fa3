// A rollup looks like its result, as a formula does.
import type { FieldKit } from '../kit';
import { ORDER_OPERATORS } from '../kit';
import { formula } from '../formula/formula';

export const rollup: FieldKit = { ...formula, operators: ORDER_OPERATORS };
