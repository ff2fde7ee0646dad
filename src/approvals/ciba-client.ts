import type { AuthClient } from '@auth0/auth0-auth-js';
import { createRemoteJWKSet, customFetch, jwtVerify, type JWTPayload } from 'jose';
import { DeskError } from '../errors.ts';

/** What a token endpoint answered to a poll, in CIBA Core's words (§11). */
export type PollAnswer =
  | { readonly status: 'approved'; readonly accessToken: string }
  | { readonly status: 'pending' }
  | { readonly status: 'slow_down'; readonly retryAfter: number }
  | { readonly status: 'denied' }
  | { readonly status: 'expired' }
  /** Already redeemed, or unknown. */
  | { readonly status: 'spent' };

export interface CibaClient {
  readonly issuer: string;
  initiate(request: {
    subject: string;
    bindingMessage: string;
    expirySeconds: number;
    details: Record<string, unknown> & { type: string };
  }): Promise<{ authReqId: string }>;
  poll(authReqId: string): Promise<PollAnswer>;
  /** Hands a signed click to the authority. `conflict` = it holds another decision; `refused` = it does not accept it. */
  postClick(click: string): Promise<'accepted' | 'conflict' | 'refused'>;
  /**
   * Checks signature, pinned issuer, audience and client of an access token.
   * @throws when any of them is wrong
   */
  verify(accessToken: string): Promise<JWTPayload>;
}

/** The claim set of a CIBA access token is for this API. */
const PROOF_AUDIENCE = 'https://agentdesk/api';

/**
 * @param options.fetch reaches the authority, wherever it listens
 */
export function createCibaClient(options: {
  client: AuthClient;
  clientId: string;
  issuer: string;
  fetch: typeof fetch;
}): CibaClient {
  const keys = createRemoteJWKSet(new URL('.well-known/jwks.json', options.issuer), {
    [customFetch]: options.fetch,
    timeoutDuration: 5_000,
  });
  return {
    issuer: options.issuer,
    async initiate(request) {
      try {
        const answer = await options.client.initiateBackchannelAuthentication({
          bindingMessage: request.bindingMessage,
          loginHint: { sub: request.subject },
          requestedExpiry: request.expirySeconds,
          authorizationDetails: [request.details],
          authorizationParams: { scope: 'openid', audience: PROOF_AUDIENCE },
        });
        return { authReqId: answer.authReqId };
      } catch (cause) {
        throw new DeskError('vault_unreachable', {}, { cause });
      }
    },
    async poll(authReqId) {
      try {
        const tokens = await options.client.backchannelAuthenticationGrant({ authReqId });
        return { status: 'approved', accessToken: tokens.accessToken };
      } catch (error) {
        return readPollError(error);
      }
    },
    async postClick(click) {
      const response = await options.fetch(new URL('clicks', options.issuer), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ click }),
        signal: AbortSignal.timeout(5_000),
      });
      if (response.status === 204) return 'accepted';
      if (response.status === 409) return 'conflict';
      if (response.status === 400) return 'refused';
      throw new DeskError('vault_unreachable');
    },
    async verify(accessToken) {
      const { payload } = await jwtVerify(accessToken, keys, {
        issuer: options.issuer,
        audience: PROOF_AUDIENCE,
        typ: 'at+jwt',
        requiredClaims: ['sub', 'iat', 'jti', 'exp'],
      });
      if (payload['client_id'] !== options.clientId) throw new Error('token is for another client');
      return payload;
    },
  };
}

function readPollError(error: unknown): PollAnswer {
  const cause = (error as { cause?: { error?: unknown } }).cause?.error;
  const headers = (error as { headers?: Headers }).headers;
  switch (cause) {
    case 'authorization_pending':
      return { status: 'pending' };
    case 'slow_down':
      return { status: 'slow_down', retryAfter: Number(headers?.get('retry-after') ?? 5) || 5 };
    case 'access_denied':
      return { status: 'denied' };
    case 'expired_token':
      return { status: 'expired' };
    case 'invalid_grant':
      return { status: 'spent' };
    default:
      throw new DeskError('vault_unreachable', {}, { cause: error });
  }
}
