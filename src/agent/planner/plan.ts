import type { Slot } from './questions.ts';

export type Args = Readonly<Record<string, unknown>>;

/** What a tool answered, as the graph hands it back. */
export type Result =
  | { readonly ok: true; readonly summary: string; readonly data: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** A tool call a request needs next. */
export interface Call {
  readonly kind: 'call';
  readonly tool: string;
  readonly args: Args;
  /** What it would do, as a verb phrase: "cancel “Lunch”". */
  readonly label: string;
  /** True when its answer decides what happens next, so that nothing may be changed before it is in. */
  readonly probe: boolean;
}

/** A question to the person; `accept` turns their words into a value, or null when they do not answer it. */
export interface Ask {
  readonly kind: 'ask';
  readonly slot: Slot;
  /** What the person should read before the question. */
  readonly lines: readonly string[];
  readonly accept: (text: string) => unknown;
}

/** How a request ended. */
export interface Ending {
  readonly ok: boolean;
  readonly text: string;
  /** What there is to tell others about it, for a mail that depends on this request. */
  readonly news?: News;
}

export interface News {
  readonly subject: string;
  readonly sentence: string;
  readonly link?: string;
}

/**
 * A request as a generator: it yields what it needs and is given the answer. It is replayed from its first
 * line on every step of a turn, so it must be a pure function of what it is given.
 */
export type Plan<T = Ending> = Generator<Call | Ask | { readonly kind: 'previous' }, T, unknown>;

/** What a request is about, so that the next clause can say "it", "them" or leave it out. */
export interface Topic {
  readonly title?: string;
  readonly people?: readonly string[];
  readonly repository?: string;
  readonly issue?: { readonly repository: string | null; readonly number: number };
  readonly mail?: MailChoice;
}

/** Which mail is meant, before it was looked up. */
export interface MailChoice {
  /** Gmail search that finds it. */
  readonly query: string;
  /** True when the newest match is meant ("the latest mail"). */
  readonly newest: boolean;
  /** How the person put it. */
  readonly words: string;
}

export interface Request {
  /** True when it only looks things up. */
  readonly reads: boolean;
  readonly topic: Topic;
  readonly plan: () => Plan;
}

/** Calls a tool and gives back its result. */
export function* callTool(tool: string, args: Args, label: string): Plan<Result> {
  return (yield { kind: 'call', tool, args, label, probe: false }) as Result;
}

/** Looks something up that decides what to do next. */
export function* probeTool(tool: string, args: Args, label: string): Plan<Result> {
  return (yield { kind: 'call', tool, args, label, probe: true }) as Result;
}

/** Asks the person, unless they have answered already. */
export function* ask<T>(slot: Slot, lines: readonly string[], accept: (text: string) => T | null): Plan<T> {
  return (yield { kind: 'ask', slot, lines, accept }) as T;
}

/** Waits for the request before this one in the same sentence. */
export function* awaitPrevious(): Plan<Ending> {
  return (yield { kind: 'previous' }) as Ending;
}
