/**
 * Why a provider gave nothing:
 * - `refused`: the grant is gone (revoked, run out, password changed); only connecting again helps
 * - `client`: the provider refuses our OAuth client
 * - `limited`: too many requests
 * - `down`: no answer, or a server error
 * - `broken`: an answer that makes no sense
 */
type FailureKind = 'refused' | 'client' | 'limited' | 'down' | 'broken';

/** Carries no text of the provider, which may quote a token. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly kind: FailureKind;
  /** Seconds to wait, when the provider said so. */
  readonly retryAfter: number | null;

  constructor(kind: FailureKind, message: string, facts: { retryAfter?: number; cause?: unknown } = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.kind = kind;
    this.retryAfter = facts.retryAfter ?? null;
  }
}
