import { timingSafeEqual } from 'node:crypto';
import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { DeskError } from '../../errors.ts';
import type { SlackSignIn } from '../options.ts';
import { fetchJson } from './fetch-json.ts';

interface SlackIdentity {
  readonly userId: string;
  readonly teamId: string;
  readonly enterpriseId: string | null;
}

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
const TokenAnswer = z.union([
  z.object({ ok: z.literal(true), id_token: z.string() }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);
const Claims = z.object({
  aud: z.string(),
  nonce: z.string(),
  'https://slack.com/user_id': z.string(),
  'https://slack.com/team_id': z.string(),
  'https://slack.com/enterprise_id': z.string().nullish(),
});

/**
 * Redeems a code of Sign in with Slack and reads who signed in (OpenID Connect Core §3.1.3.7). The access token
 * that comes with it is not kept.
 * @throws DeskError `connect_try_again` when Slack does not answer; `connect_failed` when it takes back the code;
 *   `connect_identity` when the ID token proves nothing
 */
export async function readSlackIdentity(
  signIn: SlackSignIn,
  flow: { code: string; redirectUri: string; nonce: string; now: Date },
): Promise<SlackIdentity> {
  const keys = await readKeys(new URL(signIn.origin).origin);
  const answer = await fetchJson(new URL('openid.connect.token', signIn.apiUrl), TokenAnswer, {
    client_id: signIn.clientId,
    client_secret: signIn.clientSecret,
    code: flow.code,
    redirect_uri: flow.redirectUri,
    grant_type: 'authorization_code',
  });
  if (!answer.ok) {
    const cause = new Error(`Slack refused the code: ${answer.error.slice(0, 60)}`);
    throw new DeskError('connect_failed', { problem: 'Slack did not confirm the sign-in' }, { cause });
  }
  const claims = await verify(answer.id_token, keys, signIn, flow.now);
  if (!isSame(claims.nonce, flow.nonce)) throw unproved(new Error('the nonce is another'));
  return {
    userId: claims['https://slack.com/user_id'],
    teamId: claims['https://slack.com/team_id'],
    enterpriseId: claims['https://slack.com/enterprise_id'] ?? null,
  };
}

async function verify(
  idToken: string,
  keys: JSONWebKeySet,
  signIn: SlackSignIn,
  now: Date,
): Promise<z.infer<typeof Claims>> {
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
      issuer: new URL(signIn.origin).origin,
      audience: signIn.clientId,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'iat', 'nonce'],
      maxTokenAge: '10 minutes',
      clockTolerance: '30 seconds',
      currentDate: now,
    });
    return Claims.parse(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError) throw unproved(error);
    if (error instanceof z.ZodError) throw unproved(new Error('the ID token lacks a claim'));
    throw error;
  }
}

/** The keys of an issuer that is exactly this origin, from this origin. */
async function readKeys(origin: string): Promise<JSONWebKeySet> {
  const discovery = await fetchJson(new URL('/.well-known/openid-configuration', origin), Discovery);
  if (discovery.issuer !== origin || new URL(discovery.jwks_uri).origin !== origin) {
    const cause = new Error(`the discovery document at ${origin} is another issuer's`);
    throw new DeskError('connect_failed', { problem: 'Slack’s sign-in is not set up right' }, { cause });
  }
  return fetchJson(new URL(discovery.jwks_uri), Keys);
}

const unproved = (cause: Error): DeskError => new DeskError('connect_identity', {}, { cause });

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
