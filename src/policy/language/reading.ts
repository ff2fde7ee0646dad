import type { TypedRule } from '../rules/types.ts';

/** A rule as somebody said it; its name and its note are given to it later. */
export type SpokenRule = Omit<TypedRule, 'id' | 'note'>;

/** What a sentence came to. */
export type Reading =
  | { readonly kind: 'rule'; readonly rule: SpokenRule }
  /** It can be meant in more than one way, or something is missing; the person says it again. */
  | { readonly kind: 'question'; readonly question: string }
  /** No rule can say it, or it is no sentence that is understood. */
  | { readonly kind: 'refusal'; readonly why: string };

export function ask(question: string): Reading {
  return { kind: 'question', question };
}

export function refuse(why: string): Reading {
  return { kind: 'refusal', why };
}
