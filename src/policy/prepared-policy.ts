import type { Rule } from './parse-rules.ts';

/** A validated policy, ready to evaluate. Plain data: it stays usable however many others are prepared. */
export interface PreparedPolicy {
  readonly version: string;
  readonly actions: ReadonlySet<string>;
  readonly schema: { readonly text: string; readonly key: string };
  /** The rules of all layers under the name Cedar knows them by: `layer:id`. */
  readonly rules: ReadonlyMap<string, Rule>;
  readonly policies: { readonly texts: Readonly<Record<string, string>>; readonly key: string };
  /** What is valid but suspicious, such as a rule that can never apply. */
  readonly warnings: readonly string[];
}
