import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { seenAssertions } from '../db/schema/authority.ts';
import type { Context } from './context.ts';
import { CLIENT_ID } from './names.ts';

/** A signed statement that was checked, or why it was not believed (for logs and answers, never the token). */
type Checked<T> =
  { readonly ok: true; readonly claims: T } | { readonly ok: false; readonly problem: string };

/** An assertion of the desk is believed for so long. */
const DESK_SECONDS = 60;

/** How far two clocks may be apart. */
export const SKEW_SECONDS = 5;

/**
 * Checks a compact JWS (ES256) against any of the keys, because keys overlap while they are replaced.
 */
export async function checkSignature(
  token: string,
  keys: readonly JsonWebKey[],
  options: Omit<JWTVerifyOptions, 'algorithms'>,
): Promise<Checked<JWTPayload>> {
  try {
    const { kid } = decodeProtectedHeader(token);
    const fitting = keys.filter((key) => kid === undefined || key['kid'] === undefined || key['kid'] === kid);
    for (const key of fitting) {
      try {
        const publicKey = createPublicKey({ key, format: 'jwk' });
        const { payload } = await jwtVerify(token, publicKey, { ...options, algorithms: ['ES256'] });
        return { ok: true, claims: payload };
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    }
    return { ok: false, problem: 'not signed by a trusted key' };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) {
      return { ok: false, problem: error.message };
    }
    throw error;
  }
}

/**
 * Checks an assertion of the desk: signature, purpose (`typ`), issuer, audience, age (60 s) and that its `jti`
 * was never seen. It is used up by this.
 */
export async function checkDeskAssertion(
  context: Pick<Context, 'trustedKeys' | 'database' | 'now'>,
  token: string,
  expected: { readonly typ: string; readonly audience: string },
): Promise<Checked<JWTPayload & { readonly sub: string }>> {
  const checked = await checkSignature(token, context.trustedKeys.desk, {
    ...expected,
    issuer: CLIENT_ID,
    requiredClaims: ['sub', 'jti', 'iat'],
    maxTokenAge: DESK_SECONDS,
    clockTolerance: SKEW_SECONDS,
    currentDate: context.now(),
  });
  if (!checked.ok) return checked;
  const { sub, jti } = checked.claims;
  if (typeof sub !== 'string' || sub === '' || sub.includes('\0'))
    return { ok: false, problem: 'sub is no text' };
  if (typeof jti !== 'string' || !/^[\w.~-]{8,128}$/.test(jti))
    return { ok: false, problem: 'jti is not usable' };
  const expiresAt = new Date(context.now().getTime() + 2 * (DESK_SECONDS + SKEW_SECONDS) * 1000);
  const first = await context.database.db
    .insert(seenAssertions)
    .values({ jti: `${expected.typ}:${jti}`, expiresAt })
    .onConflictDoNothing()
    .returning({ jti: seenAssertions.jti });
  if (first.length === 0) return { ok: false, problem: 'jti was used before' };
  return { ok: true, claims: { ...checked.claims, sub } };
}
