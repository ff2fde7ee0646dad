import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, isNull, sql } from '../../db/drizzle.ts';
import { accounts, members, revocations } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { Account, VaultDeps } from '../deps.ts';
import { nameService } from '../exchange-refusal.ts';
import { openLease } from '../leases.ts';
import { deleteAccount } from './my-account.ts';

type Revocation = typeof revocations.$inferSelect;

/** What became of a revocation: `later` = it is tried again. */
export type Revoked = 'revoked' | 'not_revoked' | 'later';

/** Seconds after each attempt that failed; when they are used up, so after two days, it is given up. */
const PAUSES = [60, 300, 1_800, 7_200, 21_600, 43_200, 86_400] as const;

/** The revocations of a member that are still to be done, with what people call the accounts. */
export async function listRevocations(
  { database }: Pick<VaultDeps, 'database'>,
  workspaceId: string,
  memberId: string,
): Promise<{ accountId: string; label: string; connection: string }[]> {
  return database.db
    .select({ accountId: revocations.accountId, label: accounts.label, connection: accounts.connection })
    .from(revocations)
    .innerJoin(accounts, eq(accounts.id, revocations.accountId))
    .where(
      and(
        eq(revocations.workspaceId, workspaceId),
        eq(revocations.memberId, memberId),
        isNull(revocations.endedAt),
      ),
    );
}

/** Takes the next revocation whose time has come and tries it. @returns how many were tried */
export async function revokeDue(deps: VaultDeps): Promise<number> {
  const [due] = await deps.database.db
    .select({ accountId: revocations.accountId })
    .from(revocations)
    .where(and(isNull(revocations.endedAt), sql`${revocations.dueAt} <= clock_timestamp()`))
    .orderBy(revocations.dueAt)
    .limit(1);
  if (due === undefined) return 0;
  await revokeAccount(deps, due.accountId);
  return 1;
}

/**
 * Tries one revocation now: the vault ends the grant at the provider and forgets the tokens.
 * @param last true gives up when this attempt fails: the vault forgets the tokens all the same
 */
export async function revokeAccount(deps: VaultDeps, accountId: string, last = false): Promise<Revoked> {
  const taken = await take(deps, accountId, last);
  if (taken === null) return 'later';
  const { revocation, account } = taken;
  const isLast = last || revocation.attempts > PAUSES.length;
  try {
    const revoked = await ask(deps, revocation, account, isLast);
    return await settle(deps, revocation, account, revoked ? 'revoked' : 'not_revoked', null);
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    const isHopeless = error.code === 'link_missing' || error.code === 'link_renew';
    return settle(deps, revocation, account, isLast || isHopeless ? 'not_revoked' : 'later', error.message);
  }
}

/** Counts the attempt before it is made, so that a process that dies in it does not hold it up. */
async function take(
  { database }: VaultDeps,
  accountId: string,
  atOnce: boolean,
): Promise<{ revocation: Revocation; account: Account } | null> {
  return database.transaction(async (tx) => {
    const where = and(
      eq(revocations.accountId, accountId),
      isNull(revocations.endedAt),
      atOnce ? undefined : sql`${revocations.dueAt} <= clock_timestamp()`,
    );
    const [found] = await tx.select().from(revocations).where(where).for('update', { skipLocked: true });
    const [account] = await tx.select().from(accounts).where(eq(accounts.id, accountId));
    if (found === undefined || account === undefined) return null;
    const pause = PAUSES[Math.min(found.attempts, PAUSES.length - 1)] ?? 60;
    const [revocation] = await tx
      .update(revocations)
      .set({ attempts: found.attempts + 1, dueAt: sql`clock_timestamp() + make_interval(secs => ${pause})` })
      .where(where)
      .returning();
    return revocation === undefined ? null : { revocation, account };
  });
}

/** @returns whether the provider confirmed it */
async function ask(
  deps: VaultDeps,
  { issuer, subject, workspaceId, memberId }: Revocation,
  account: Account,
  giveUp: boolean,
): Promise<boolean> {
  const lease = await openLease(deps, {
    kind: 'disconnect',
    account,
    issuer,
    subject,
    action: 'account.disconnect',
    scopes: [],
    rules: [],
    call: null,
    turnId: null,
    traceId: null,
    seconds: 60,
  });
  try {
    // Auth0 only forgets, so the provider is told first, while there is still a token to tell it with.
    const told = deps.vault.revokes ? null : await lease.revoke();
    const removed = await deleteAccount(
      deps.vault,
      { workspaceId, memberId, subject },
      account.vaultId,
      lease.id,
      giveUp,
    );
    return told ?? removed;
  } finally {
    await lease.end();
  }
}

async function settle(
  deps: VaultDeps,
  { workspaceId, memberId, actor, attempts }: Revocation,
  account: Account,
  outcome: Revoked,
  problem: string | null,
): Promise<Revoked> {
  await deps.database.transaction(async (tx) => {
    await tx
      .update(revocations)
      .set({
        lastError: problem,
        ...(outcome === 'later' ? {} : { outcome, endedAt: sql`clock_timestamp()` }),
      })
      .where(eq(revocations.accountId, account.id));
    await append(tx, {
      workspaceId,
      type: 'account.revoked',
      actor,
      memberId,
      target: account.connection,
      outcome: outcome === 'not_revoked' ? 'not_revoked_at_provider' : outcome,
      why: problem,
      detail: { label: account.label, attempt: attempts },
    });
    // The first attempt's outcome is told by whoever asked for it.
    if (attempts > 1 && outcome !== 'later') await tell(tx, deps, account, outcome);
  });
  return outcome;
}

async function tell(
  tx: Transaction,
  deps: VaultDeps,
  { workspaceId, memberId, connection, label }: Account,
  outcome: 'revoked' | 'not_revoked',
): Promise<void> {
  const service = nameService(connection);
  const [member] = await tx
    .select({ leftAt: members.leftAt })
    .from(members)
    .where(and(eq(members.workspaceId, workspaceId), eq(members.memberId, memberId)));
  const hasLeft = (member?.leftAt ?? null) !== null;
  const text =
    outcome === 'revoked'
      ? `${service} has confirmed now that the access of ${label} is revoked.`
      : `${service} never confirmed that the access of ${label} is revoked. Remove AgentDesk in the settings of that account.`;
  await deps.onAccountChange(tx, { workspaceId, memberId, requestId: null, text, toAdmins: hasLeft });
}
