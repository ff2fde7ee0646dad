import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Transaction } from '../../db/client.ts';
import { and, eq, isNull, sql } from '../../db/drizzle.ts';
import { strongChallenges } from '../../db/schema/factors.ts';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import type { Owner } from './factors.ts';
import type { RelyingParty } from './relying-party.ts';

export type Challenge = typeof strongChallenges.$inferSelect;

/** What a challenge is about. */
export type About = { readonly approvalId: string } | { readonly factorRequestId: string };

/** A challenge is answered within this time. */
const SECONDS = 300;
/** So often a link may ask; a person needs a few tries, a flood needs more. */
const MOST = 30;

/** sha256(digest ‖ nonce): the answer signs the very thing, and no answer to another asking fits. */
export function computeChallenge(digest: Buffer, nonce: Buffer): Buffer {
  return createHash('sha256').update(digest).update(nonce).digest();
}

/**
 * Asks once: draws a nonce and writes down what is to be signed.
 * @param digest the digest of what is confirmed
 */
export async function createChallenge(
  deps: Pick<StrongDeps, 'database'>,
  owner: Owner,
  about: About,
  ceremony: Challenge['ceremony'],
  party: RelyingParty,
  digest: Buffer,
): Promise<Challenge> {
  return deps.database.transaction(async (tx) => {
    const [asked] = await tx
      .select({ count: sql<number>`count(*)::int` })
      .from(strongChallenges)
      .where(isAbout(about));
    if ((asked?.count ?? 0) >= MOST)
      throw new DeskError('strong_refused', { problem: 'This was tried too often' });
    const nonce = randomBytes(32);
    const [row] = await tx
      .insert(strongChallenges)
      .values({
        id: randomUUID(),
        workspaceId: owner.workspaceId,
        memberId: owner.memberId,
        ...about,
        ceremony,
        nonce,
        challenge: computeChallenge(digest, nonce),
        rpId: party.id,
        origin: party.origin,
        expiresAt: sql`clock_timestamp() + make_interval(secs => ${SECONDS})`,
      })
      .returning();
    if (row === undefined) throw new DeskError('internal', { reference: 'challenge was not stored' });
    return row;
  });
}

/**
 * Takes a challenge for its one answer, right or wrong. Committed by itself, so that no failure gives it back.
 * @returns null when it was answered before, is too old, or is about something else
 */
export async function spendChallenge(
  deps: Pick<StrongDeps, 'database'>,
  about: About,
  id: string,
): Promise<Challenge | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  const [row] = await deps.database.db
    .update(strongChallenges)
    .set({ usedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(strongChallenges.id, id),
        isAbout(about),
        isNull(strongChallenges.usedAt),
        sql`${strongChallenges.expiresAt} > clock_timestamp()`,
      ),
    )
    .returning();
  return row ?? null;
}

/** Keeps the right answer to a challenge. */
export async function keepAnswer(
  tx: Transaction,
  challenge: Challenge,
  factorId: string,
  assertion: unknown,
): Promise<void> {
  await tx.update(strongChallenges).set({ factorId, assertion }).where(eq(strongChallenges.id, challenge.id));
}

function isAbout(about: About) {
  return 'approvalId' in about
    ? eq(strongChallenges.approvalId, about.approvalId)
    : eq(strongChallenges.factorRequestId, about.factorRequestId);
}
