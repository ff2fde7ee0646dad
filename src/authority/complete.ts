import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { and, eq, gt, isNull } from '../db/drizzle.ts';
import { connectSessions } from '../db/schema/authority.ts';
import { describeAccount, saveAccount } from './accounts.ts';
import { challengeOf, hashSession, verifierPlace } from './connect.ts';
import type { Context } from './context.ts';
import { ProviderFailure } from './providers/failure.ts';
import { CONNECTIONS } from './providers/provider.ts';
import { problem, type Reply } from './reply.ts';

const Body = z.object({
  auth_session: z.string().min(1).max(64),
  connect_code: z.string().min(1).max(2048),
  redirect_uri: z.string().max(2048),
  code_verifier: z.string().regex(/^[A-Za-z0-9._~-]{43,128}$/),
});

type Session = typeof connectSessions.$inferSelect;

/** POST /me/v1/connected-accounts/complete: redeems the provider's code and stores the account. */
export async function completeConnect(context: Context, subject: string, given: unknown): Promise<Reply> {
  const body = Body.safeParse(given);
  if (!body.success) {
    const field = body.error.issues[0]?.path.join('.') ?? '';
    return problem(400, 'invalid_request', 'Invalid request', `The field ${field} is missing or wrong.`);
  }
  const { auth_session: authSession, connect_code: code, redirect_uri: redirectUri } = body.data;
  const session = await useSession(
    context,
    subject,
    hashSession(authSession),
    (found) =>
      found.redirectUri === redirectUri && isSame(challengeOf(body.data.code_verifier), found.codeChallenge),
  );
  if (session === null) {
    const detail = 'It is unknown, used, expired, or was begun elsewhere. Begin the connection again.';
    return problem(400, 'invalid_session', 'The auth_session cannot be used', detail);
  }
  const connection = z.enum(CONNECTIONS).parse(session.connection);
  const provider = context.providers[connection];
  if (provider === null)
    return problem(404, 'connection_not_configured', 'Connection not available', connection);
  try {
    const place = verifierPlace(subject, connection, session.sessionHash);
    const verifier = context.keyring.open('connect-session', place, session.verifierSealed);
    const { tokens, identity } = await provider.redeem(code, redirectUri, verifier);
    const account = await saveAccount(
      context,
      { subject, connection, keepsAccessToken: provider.keepsAccessToken },
      identity,
      { ...tokens, scopes: tokens.scopes ?? session.scopes },
    );
    if (account !== null) return { status: 201, body: describeAccount(account) };
    const detail =
      'The provider gave no lasting access. Remove AgentDesk in the account settings there, then connect again.';
    return problem(400, 'no_refresh_token', 'No refresh token', detail);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    context.log.warn({ connection, kind: error.kind, reason: error.message }, 'connecting failed');
    const status = error.kind === 'refused' ? 400 : 502;
    return problem(status, `provider_${error.kind}`, 'The provider did not complete it', `${error.message}.`);
  }
}

/**
 * The session, used up by this; null when it cannot be used. A wrong verifier leaves it usable, so that a
 * stranger who learnt its name cannot spoil it.
 */
async function useSession(
  { database, now }: Context,
  subject: string,
  sessionHash: string,
  isProved: (session: Session) => boolean,
): Promise<Session | null> {
  const usable = and(
    eq(connectSessions.sessionHash, sessionHash),
    eq(connectSessions.subject, subject),
    isNull(connectSessions.completedAt),
    gt(connectSessions.expiresAt, now()),
  );
  const [found] = await database.db.select().from(connectSessions).where(usable);
  if (found === undefined || !isProved(found)) return null;
  const [used] = await database.db
    .update(connectSessions)
    .set({ completedAt: now() })
    .where(usable)
    .returning();
  return used ?? null;
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
