import { append } from '../audit/append.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, inArray, isNull, ne, sql } from '../db/drizzle.ts';
import { accounts, connectRequests, links, members } from '../db/schema/workspaces.ts';
import type { VaultDeps } from '../vault/deps.ts';
import { endAccount } from '../vault/accounts/end-account.ts';
import { voidOpen, type StopDeps } from './void-open.ts';

export type LeaveDeps = StopDeps & { readonly vault: Pick<VaultDeps, 'jobs' | 'onAccountChange'> };

/** Why somebody is gone: Slack deactivated them, the workspace removed AgentDesk, or an operator said so. */
export type LeaveReason = 'deactivated' | 'uninstalled' | 'operator';

const WORDS: Readonly<Record<LeaveReason, string>> = {
  deactivated: 'the member left Slack',
  uninstalled: 'AgentDesk was removed from the workspace',
  operator: 'an operator ended it',
};

/**
 * A member left, or with `memberId: null` all of a workspace. When it returns, nothing of theirs can run any more:
 * approvals, grants, waiting calls and connect links are void, accounts are disconnected. Revoking them at the
 * provider, and the link's end, follow by themselves. Harmless to repeat.
 * @param actor `desk`, or `operator`
 * @returns the members who left with something to end
 */
export async function leave(
  deps: LeaveDeps,
  scope: { readonly workspaceId: string; readonly memberId: string | null },
  reason: LeaveReason,
  actor: string,
): Promise<string[]> {
  return deps.database.transaction(async (tx) => {
    const { workspaceId, memberId } = scope;
    const within = and(
      eq(members.workspaceId, workspaceId),
      memberId === null ? undefined : eq(members.memberId, memberId),
    );
    const known = await tx.select().from(members).where(within).for('update');
    if (known.length === 0) return [];
    const why = { code: 'stopped', message: `Not done: ${WORDS[reason]}.`, clause: WORDS[reason] };
    const voided = await voidOpen(tx, deps, scope, actor, why);
    const ended = await endAccounts(tx, deps, scope, actor);
    await endConnects(tx, scope);
    await tx
      .update(members)
      .set({ leftAt: sql`clock_timestamp()` })
      .where(and(within, isNull(members.leftAt)));
    const gone = known.filter((member) => member.leftAt === null || (ended.get(member.memberId) ?? 0) > 0);
    for (const member of gone) {
      await append(tx, {
        workspaceId,
        type: 'member.left',
        actor,
        memberId: member.memberId,
        outcome: reason,
        why: WORDS[reason],
        detail: { accounts: ended.get(member.memberId) ?? 0 },
      });
    }
    if (reason === 'deactivated') await tellAdmins(tx, deps, scope, ended, voided.approvals);
    return gone.map((member) => member.memberId);
  });
}

/** @returns how many accounts of each member were ended */
async function endAccounts(
  tx: Transaction,
  deps: LeaveDeps,
  { workspaceId, memberId }: { readonly workspaceId: string; readonly memberId: string | null },
  actor: string,
): Promise<Map<string, number>> {
  const rows = await tx
    .select({ account: accounts, link: links })
    .from(accounts)
    .innerJoin(links, and(eq(links.workspaceId, accounts.workspaceId), eq(links.memberId, accounts.memberId)))
    .where(
      and(
        eq(accounts.workspaceId, workspaceId),
        memberId === null ? undefined : eq(accounts.memberId, memberId),
        ne(accounts.status, 'disconnected'),
      ),
    );
  const ended = new Map<string, number>();
  for (const { account, link } of rows) {
    await endAccount(tx, deps.vault, account, link, actor);
    ended.set(account.memberId, (ended.get(account.memberId) ?? 0) + 1);
  }
  return ended;
}

/** What a sign-in left in a link to a tenant stays until the tenant has been told to forget it. */
async function endConnects(
  tx: Transaction,
  { workspaceId, memberId }: { readonly workspaceId: string; readonly memberId: string | null },
): Promise<void> {
  await tx
    .update(connectRequests)
    .set({
      status: 'failed',
      sessionSealed: sql`case when kind = 'link' then session_sealed end`,
    })
    .where(
      and(
        eq(connectRequests.workspaceId, workspaceId),
        memberId === null ? undefined : eq(connectRequests.memberId, memberId),
        inArray(connectRequests.status, [
          'open',
          'proving',
          'authorizing',
          'completing',
          'confirming',
          'awaiting_admin',
          'awaiting_approval',
        ]),
      ),
    );
}

async function tellAdmins(
  tx: Transaction,
  deps: LeaveDeps,
  { workspaceId, memberId }: { readonly workspaceId: string; readonly memberId: string | null },
  ended: ReadonlyMap<string, number>,
  approvals: number,
): Promise<void> {
  const count = [...ended.values()].reduce((sum, one) => sum + one, 0);
  if (memberId === null || (count === 0 && approvals === 0)) return;
  const text = `<@${memberId}> left this workspace. Their connected accounts (${count}) are disconnected and their open approvals (${approvals}) are void.`;
  await deps.vault.onAccountChange(tx, { workspaceId, memberId, requestId: null, text, toAdmins: true });
}
