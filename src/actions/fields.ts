import type { PreviewField } from './action.ts';

/** A field for an argument that may be left out; an absent one is no field. */
export function showText(path: string, label: string, value: string | undefined): PreviewField[] {
  return value === undefined ? [] : [{ path, label, value }];
}

/**
 * A list, one item a line; an empty one is no field. Items never hold a line break, so no two lists look the
 * same.
 */
export function showList(path: string, label: string, items: readonly string[] | undefined): PreviewField[] {
  return items === undefined || items.length === 0 ? [] : [{ path, label, value: items.join('\n') }];
}

/** A value and what it replaces, kept in the arguments as `{from, to}`. */
export interface Change<T> {
  readonly from: T;
  readonly to: T;
}

export function showChange(path: string, label: string, change: Change<string> | undefined): PreviewField[] {
  return change === undefined ? [] : [{ path, label, value: change.to, before: change.from }];
}

export function showListChange(
  path: string,
  label: string,
  change: Change<readonly string[]> | undefined,
): PreviewField[] {
  return showChange(path, label, change && { from: change.from.join('\n'), to: change.to.join('\n') });
}

/** "1 guest", "2 guests". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** One line of a text for a summary, cut to `length` characters. */
export function shortLine(text: string, length = 80): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const letters = [...line];
  return letters.length > length ? `${letters.slice(0, length - 1).join('')}…` : line;
}
