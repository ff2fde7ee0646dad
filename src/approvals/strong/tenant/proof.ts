import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Approval } from '../../deps.ts';
import type { DeviceRequest } from './types.ts';

const TOLERANCE_MS = 30_000;

/**
 * What is wrong with a token, whose signature, issuer, audience and times were checked, as a proof that this member's
 * device confirmed this approval; or what names it when nothing is.
 * @param token.text as it came: names a token without a `jti` (Auth0's own profile has none)
 */
export function findTokenProblem(
  token: { readonly text: string; readonly claims: JWTPayload },
  about: { readonly approval: Approval; readonly request: DeviceRequest; readonly clientId: string },
  now: Date,
): string | { jti: string } {
  const { claims } = token;
  const { approval, request, clientId } = about;
  if (claims.sub !== request.subject) return 'token is for another subject';
  const issuedAt = (claims.iat ?? 0) * 1000;
  const asked = request.askedAt?.getTime() ?? Number.POSITIVE_INFINITY;
  if (issuedAt < asked - TOLERANCE_MS) return 'token is older than the request';
  if (issuedAt > now.getTime() + TOLERANCE_MS) return 'token is from the future';
  // `client_id` in the profile of RFC 9068, `azp` in Auth0's own.
  const clients = [claims['client_id'], claims['azp']].filter((one) => one !== undefined);
  if (clients.length === 0 || clients.some((one) => one !== clientId)) return 'token is for another client';
  const details = claims['authorization_details'];
  if (!Array.isArray(details) || details.length !== 1)
    return 'authorization_details missing from the signed token';
  const { type, approval_digest: digest } = (details[0] ?? {}) as Record<string, unknown>;
  if (type !== `agentdesk_${approval.kind}` || digest !== approval.digest.toString('base64url'))
    return 'token is for another approval';
  const { jti } = claims;
  if (typeof jti === 'string' && jti !== '') return { jti };
  return { jti: `sha256:${createHash('sha256').update(token.text).digest('base64url')}` };
}
