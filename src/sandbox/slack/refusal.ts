import type { Json } from './world.ts';

/** A call that Slack answers with `ok: false`; `error` is Slack's own error string. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly error: string;
  /** More properties of the answer, such as `needed` or `response_metadata`. */
  readonly extra: Json;

  constructor(error: string, extra: Json = {}) {
    super(error);
    this.error = error;
    this.extra = extra;
  }
}

/** `invalid_arguments` with Slack's list of what is wrong. */
export function invalidArguments(...messages: string[]): Refusal {
  return new Refusal('invalid_arguments', { response_metadata: { messages } });
}
