import type { Action } from './action.ts';
import { DeskError } from '../errors.ts';

/** The error for arguments that make no sense; `problem` is a clause a person understands. */
export function refuseArguments(action: string, problem: string): DeskError {
  return new DeskError('arguments_invalid', { action, problem });
}

/**
 * Checks what the model gave for an action against its schema. A `null` at the top stands for "left out":
 * some models send it for every optional argument.
 * @throws DeskError `arguments_invalid`, naming the argument
 */
export function readArguments<Raw>(action: Pick<Action<Raw>, 'id' | 'schema'>, input: unknown): Raw {
  const given =
    typeof input === 'object' && input !== null && !Array.isArray(input) ? withoutNulls(input) : input;
  const { success, data, error } = action.schema.safeParse(given);
  if (success) return data;
  const problems = error.issues
    .slice(0, 3)
    .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '));
  throw refuseArguments(action.id, problems.join('; '));
}

/** A value without the properties that are `undefined`, at any depth. */
export type Canonical<T> = T extends readonly (infer Item)[]
  ? Canonical<Item>[]
  : T extends object
    ? { [Key in keyof T]: Canonical<T[Key]> }
    : T;

/**
 * Makes resolved arguments fit for RFC 8785 and PostgreSQL: properties that are `undefined` are left out, lone
 * surrogates and NUL become U+FFFD, line ends become `\n`, and a number that is not finite is refused.
 */
export function toCanonical<T>(value: T): Canonical<T> {
  return convert(value) as Canonical<T>;
}

function convert(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.toWellFormed().replaceAll('\u0000', '\uFFFD').replace(/\r\n?/g, '\n');
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw refuseArguments('this action', 'a number is not a finite number');
  }
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(kept.map(([name, item]) => [name, convert(item)]));
}

function withoutNulls(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}

/**
 * A text that must be one line because it becomes a header, a title or a name.
 * @throws DeskError `arguments_invalid` for line breaks and other control characters (header injection)
 */
export function requireOneLine(action: string, name: string, text: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) {
    throw refuseArguments(action, `${name} must be one line without control characters`);
  }
  return text.trim();
}
