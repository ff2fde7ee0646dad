import type { CatalogEntry } from '../types.ts';
import type { Condition, Role } from '../rules/types.ts';
import type { Reading } from './reading.ts';

/**
 * A sentence that is being read. Each reader takes its own words out of `rest`; whatever is left at the end was not
 * understood, and a sentence of which anything was not understood makes no rule.
 */
export interface Draft {
  readonly catalog: readonly CatalogEntry[];
  rest: string;
  readonly actions: string[];
  readonly conditions: Condition[];
  readonly roles: Role[];
  readonly groups: string[];
  readonly agents: string[];
  /** "more than 10 people": guests or recipients, which the actions tell. */
  people: number | null;
  /** A service that was named: "in GitHub". */
  service: string | null;
  /** The first thing that keeps it from being a rule. */
  stop: Reading | null;
}

/** Stands where words were taken out, so that what stood around them does not run together. */
export const MARK = '|';

/** Takes the first match out of the text. @returns the match, or null */
export function take(draft: Draft, pattern: RegExp): RegExpExecArray | null {
  const match = pattern.exec(draft.rest);
  if (match === null) return null;
  const after = draft.rest.slice(match.index + match[0].length);
  draft.rest = `${draft.rest.slice(0, match.index)} ${MARK} ${after}`.replace(/\s+/g, ' ');
  return match;
}

/** Takes every match out, each given to `each`. */
export function takeAll(draft: Draft, pattern: RegExp, each: (match: RegExpExecArray) => void): void {
  for (let match = take(draft, pattern); match !== null; match = take(draft, pattern)) each(match);
}

/** Only the first reason is told. */
export function stop(draft: Draft, reading: Reading): void {
  draft.stop ??= reading;
}

/** Between the items of a list. */
export const BETWEEN = String.raw`(?:\s*,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+|\s+nor\s+)`;

/** "a, b or c" as a pattern. */
export function listOf(item: string): string {
  return `${item}(?:${BETWEEN}${item})*`;
}

/** The items of what {@link listOf} matched. */
export function splitList(text: string): string[] {
  return text.split(new RegExp(BETWEEN)).map((item) => item.trim());
}
