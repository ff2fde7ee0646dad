import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { connectSessions } from '../db/schema/authority.ts';
import type { Context } from './context.ts';
import { CONNECTIONS } from './providers/provider.ts';
import { problem, type Reply } from './reply.ts';

const SESSION_SECONDS = 600;

const Body = z.object({
  connection: z.enum(CONNECTIONS),
  redirect_uri: z.url({ protocol: /^https?$/ }).max(2048),
  state: z.string().min(1).max(1024),
  // RFC 6749 appendix A.4
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/)).max(100),
  code_challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  code_challenge_method: z.literal('S256'),
});

/** What is stored of an auth_session: of the value itself only this. */
export const hashSession = (session: string): string =>
  createHash('sha256').update(session).digest('base64url');

/** S256 of RFC 7636. */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

/** Where the vault's own PKCE verifier is sealed. */
export const verifierPlace = (subject: string, connection: string, sessionHash: string) => [
  subject,
  connection,
  sessionHash,
];

/** POST /me/v1/connected-accounts/connect: begins a consent. */
export async function beginConnect(context: Context, subject: string, given: unknown): Promise<Reply> {
  const body = Body.safeParse(given);
  if (!body.success) {
    const field = body.error.issues[0]?.path.join('.') ?? '';
    return problem(400, 'invalid_request', 'Invalid request', `The field ${field} is missing or wrong.`);
  }
  const { connection, redirect_uri: redirectUri, state, scopes, code_challenge: codeChallenge } = body.data;
  const provider = context.providers[connection];
  if (provider === null) {
    const detail = `There is no OAuth client for ${connection}; set its client id and secret.`;
    return problem(404, 'connection_not_configured', 'Connection not available', detail);
  }
  const session = randomBytes(32).toString('base64url');
  const sessionHash = hashSession(session);
  const verifier = randomBytes(32).toString('base64url');
  await context.database.db.insert(connectSessions).values({
    sessionHash,
    subject,
    connection,
    redirectUri,
    codeChallenge,
    scopes,
    verifierSealed: context.keyring.seal(
      'connect-session',
      verifierPlace(subject, connection, sessionHash),
      verifier,
    ),
    expiresAt: new Date(context.now().getTime() + SESSION_SECONDS * 1000),
  });
  const consent = { redirectUri, state, scopes, codeChallenge: challengeOf(verifier) };
  return {
    status: 201,
    body: {
      auth_session: session,
      connect_uri: provider.consentUrl(consent),
      connect_params: {},
      expires_in: SESSION_SECONDS,
    },
  };
}
