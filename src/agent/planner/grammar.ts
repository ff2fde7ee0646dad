import type { Request, Topic } from './plan.ts';
import type { Context } from './read-context.ts';
import { readWhen, type TimeReader, type When } from './read-time.ts';

/** What a grammar may look at besides the clause itself. */
export interface Scope {
  readonly context: Context;
  readonly reader: TimeReader;
  /** Puts quoted words and free text back. */
  readonly reveal: (text: string) => string;
  /** What the clause before this one was about; null when this is the first. */
  readonly before: Topic | null;
}

/**
 * Understands one clause, or not. Quoted words and free text are hidden in it (see `mask.ts`), politeness
 * and the closing mark are gone.
 */
export type Grammar = (clause: string, scope: Scope) => Request | null;

/** Reads the words about time in a clause, on the member's clock. */
export function whenOf(clause: string, scope: Scope): When {
  return readWhen(clause, scope.context.clock, scope.reader);
}

/** Revealed, without the punctuation and spaces around it. */
export function tidy(text: string, scope: Scope): string {
  return scope.reveal(text.replace(/^[\s,;:–-]+|[\s,;:–-]+$/g, '')).trim();
}

/** Drops the keys that have no value, so that a call's arguments hold only what is meant. */
export function argsOf(args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** First letter in upper case. */
export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
