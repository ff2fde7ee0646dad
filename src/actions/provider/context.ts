/** What an error sentence about one request may name, and whether that request can change something. */
export interface ProviderContext {
  /** The provider's product in words: "Gmail". */
  readonly service: string;
  /** What is looked for, for "cannot find {what}": "that message". */
  readonly what: string;
  /** True when a lost answer leaves open whether the call's effect happened. */
  readonly effect: boolean;
}
