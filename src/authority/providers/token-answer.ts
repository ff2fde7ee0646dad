import { z } from 'zod';
import type { ProviderAnswer } from './call.ts';
import { ProviderFailure } from './failure.ts';
import type { ProviderTokens } from './provider.ts';

const Tokens = z.object({
  access_token: z.string().min(1).max(16_384),
  refresh_token: z.string().min(1).max(16_384).optional(),
  expires_in: z.coerce.number().positive().optional(),
  scope: z.string().optional(),
  id_token: z.string().optional(),
});

const Refusal = z.object({ error: z.string() });

/** Error codes that mean the person has to connect again. GitHub has names of its own for them. */
const GONE = new Set(['invalid_grant', 'bad_refresh_token', 'bad_verification_code', 'invalid_scope']);
const CLIENT = new Set([
  'invalid_client',
  'unauthorized_client',
  'incorrect_client_credentials',
  'redirect_uri_mismatch',
]);

/**
 * Reads a token endpoint's answer (RFC 6749 section 5). GitHub answers 200 with `error`, so the body decides.
 * @throws ProviderFailure `refused`, `client` or `broken`
 */
export function readTokenAnswer(answer: ProviderAnswer): { tokens: ProviderTokens; idToken: string | null } {
  const refusal = Refusal.safeParse(answer.body);
  if (refusal.success) {
    if (GONE.has(refusal.data.error)) throw new ProviderFailure('refused', 'the provider refused the grant');
    if (CLIENT.has(refusal.data.error)) {
      throw new ProviderFailure('client', 'the provider refused our OAuth client');
    }
  }
  const parsed = Tokens.safeParse(answer.body);
  if (refusal.success || answer.status !== 200 || !parsed.success) {
    throw new ProviderFailure('broken', `the token endpoint answered ${answer.status} without a token`);
  }
  const { access_token, refresh_token, expires_in, scope, id_token } = parsed.data;
  return {
    tokens: {
      accessToken: access_token,
      refreshToken: refresh_token ?? null,
      expiresIn: expires_in ?? null,
      // RFC 6749 separates by spaces, GitHub by commas.
      scopes: scope === undefined ? null : scope.split(/[\s,]+/).filter(Boolean),
    },
    idToken: id_token ?? null,
  };
}
