import type { AuthClient } from '@auth0/auth0-auth-js';
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import { DeskError } from '../../../errors.ts';
import { readAskFailure, readPollFailure } from './answers.ts';
import type { TenantCiba } from './types.ts';

/** Milliseconds the tenant is waited for; far less than a request is left to one process (`take.ts`). */
const TIMEOUT_MS = 20_000;
const soon = () => ({ signal: AbortSignal.timeout(TIMEOUT_MS) });

/** CIBA Core §7.3: the interval where none is given. */
const INTERVAL = 5;
/** Signatures by a key pair only: with a shared secret, who may check could also sign. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384'];
const CLOCK_TOLERANCE = '30s';
/** Of the two profiles of Auth0's access tokens (https://auth0.com/docs: access token profiles), and RFC 9068. */
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt']);

/**
 * CIBA at an Auth0 tenant (https://auth0.com/docs: Client-Initiated Backchannel Authentication Flow).
 * @param options.audience the API whose access tokens prove an answer
 * @param options.fetch reaches the tenant and nobody else
 */
export function createTenantCiba(options: {
  client: AuthClient;
  fetch: typeof fetch;
  issuer: string;
  domain: string;
  clientId: string;
  audience: string;
  expirySeconds: number;
  now: () => Date;
}): TenantCiba {
  const { client, issuer, domain, clientId, audience, expirySeconds, now } = options;
  const keys = createRemoteJWKSet(new URL('.well-known/jwks.json', issuer), {
    [customFetch]: options.fetch,
    timeoutDuration: 5_000,
    cooldownDuration: 1_000,
  });
  return {
    issuer,
    domain,
    clientId,
    expirySeconds,
    async ask({ subject, bindingMessage, details }) {
      try {
        const { authReqId, expiresIn, interval } = await client.initiateBackchannelAuthentication(
          {
            bindingMessage,
            loginHint: { sub: subject },
            requestedExpiry: expirySeconds,
            authorizationDetails: [details],
            authorizationParams: { scope: 'openid', audience },
          },
          soon(),
        );
        return { kind: 'asked', authReqId, seconds: expiresIn, interval: Math.max(1, interval ?? INTERVAL) };
      } catch (error) {
        return readAskFailure(error, now());
      }
    },
    async poll(authReqId) {
      try {
        const { accessToken } = await client.backchannelAuthenticationGrant({ authReqId }, soon());
        return { kind: 'confirmed', accessToken };
      } catch (error) {
        return readPollFailure(error, now());
      }
    },
    async verify(accessToken) {
      try {
        const { payload, protectedHeader } = await jwtVerify(accessToken, keys, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          clockTolerance: CLOCK_TOLERANCE,
          requiredClaims: ['sub', 'iat', 'exp'],
        });
        if (!TYPES.has((protectedHeader.typ ?? 'jwt').toLowerCase())) throw new Error('no access token');
        return payload;
      } catch (error) {
        throw isOutage(error) ? new DeskError('vault_unreachable', {}, { cause: error }) : error;
      }
    },
  };
}

/** The keys could not be read: nothing is known of the token then. */
function isOutage(error: unknown): boolean {
  return (
    error instanceof errors.JWKSTimeout ||
    (error instanceof TypeError && error.message === 'fetch failed') ||
    (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') ||
    (error instanceof Error && error.name === 'TimeoutError')
  );
}
