// What a field type brings: how a value is shown, told, compared and written. Inputs stand in inputs.tsx, so that lists load without them.
import type { ComponentType } from 'react';
import type { FieldMeta } from '@/lib/types';

export interface DisplayProps { field: FieldMeta; value: unknown }

export interface InputProps {
  field: FieldMeta;
  value: unknown;
  onChange: (value: unknown) => void;
  id?: string;
  invalid?: boolean;
  autoFocus?: boolean;
  /** In a cell, a list of choices opens at once. */
  openAtOnce?: boolean;
  describedBy?: string;
  /** The record around the field, for pickers that depend on another field. */
  record?: Record<string, unknown>;
}

export type Operator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'contains' | 'starts' | 'has' | 'has_not' | 'null' | 'not_null';

export interface FieldKit {
  Display: ComponentType<DisplayProps>;
  /** The value in words, without markup: titles, history, conflicts. */
  text: (field: FieldMeta, value: unknown) => string;
  /** The form's value as the API wants it. */
  wire: (value: unknown) => unknown;
  /** The value as a literal of the expression language. */
  literal: (value: unknown) => string;
  operators: Operator[];
  width: number;
  right?: boolean;
  tall?: boolean;
}

export const same = (value: unknown): unknown => value;
export const quote = (value: unknown): string => JSON.stringify(String(value ?? ''));
export const asText = (_: FieldMeta, value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
export const emptyToNull = (value: unknown): unknown => (value === '' || value === undefined ? null : value);

export const TEXT_OPERATORS: Operator[] = ['contains', 'eq', 'ne', 'starts', 'null', 'not_null'];
export const ORDER_OPERATORS: Operator[] = ['ge', 'le', 'eq', 'ne', 'gt', 'lt', 'null', 'not_null'];
export const SET_OPERATORS: Operator[] = ['eq', 'ne', 'null', 'not_null'];
