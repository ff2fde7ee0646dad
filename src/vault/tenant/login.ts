import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  tokenRevocation,
  type Configuration,
} from 'openid-client';
import { z } from 'zod';
import { DeskError } from '../../errors.ts';
import type { LoginFlow, SignedIn, TenantLogin } from '../deps.ts';
import { toTenantError } from './tenant-error.ts';

const OLDEST_SECONDS = 600;

const Claims = z.object({
  sub: z.string().min(1).max(255),
  iat: z.number(),
  name: z.string().max(300).optional(),
  email: z.string().max(320).optional(),
  email_verified: z.boolean().optional(),
});

/** Universal Login: authorization code with PKCE, state and nonce, for a refresh token that we keep. */
export function createTenantLogin(options: {
  domain: string;
  configuration: () => Promise<Configuration>;
  now: () => Date;
}): TenantLogin {
  const { domain, configuration, now } = options;
  const unproved = new DeskError('link_unproved', { service: domain });
  return {
    domain,
    async start(flow) {
      try {
        const url = buildAuthorizationUrl(await configuration(), {
          scope: 'openid profile email offline_access',
          redirect_uri: flow.redirectUri,
          state: flow.state,
          nonce: flow.nonce,
          code_challenge: await calculatePKCECodeChallenge(flow.verifier),
          code_challenge_method: 'S256',
        });
        return url.href;
      } catch (error) {
        throw toTenantError(error, new DeskError('vault_unreachable'));
      }
    },
    async finish(query, flow) {
      try {
        return await redeem(await configuration(), query, flow, now());
      } catch (error) {
        throw toTenantError(error, unproved);
      }
    },
    async revoke(refreshToken) {
      try {
        await tokenRevocation(await configuration(), refreshToken, { token_type_hint: 'refresh_token' });
      } catch (error) {
        throw toTenantError(error, new DeskError('vault_unreachable'));
      }
    },
  };
}

/** Signature, issuer, audience, times and nonce are checked by the client; how old it is and what it says, here. */
async function redeem(
  configuration: Configuration,
  query: URLSearchParams,
  flow: LoginFlow,
  now: Date,
): Promise<SignedIn> {
  const callback = new URL(flow.redirectUri);
  for (const name of ['code', 'state', 'iss', 'error']) {
    for (const value of query.getAll(name)) callback.searchParams.append(name, value);
  }
  const tokens = await authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: flow.verifier,
    expectedState: flow.state,
    expectedNonce: flow.nonce,
    idTokenExpected: true,
  });
  const claims = Claims.parse(tokens.claims());
  if (Math.abs(now.getTime() / 1000 - claims.iat) > OLDEST_SECONDS) throw new Error('the ID token is old');
  if (tokens.refresh_token === undefined) {
    throw new DeskError('vault_misconfigured', { problem: 'no refresh token: offline access is off' });
  }
  return {
    subject: claims.sub,
    name: claims.name ?? claims.email ?? claims.sub,
    email: claims.email ?? null,
    emailVerified: claims.email_verified === true,
    refreshToken: tokens.refresh_token,
  };
}
