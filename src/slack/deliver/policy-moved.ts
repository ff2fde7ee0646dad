import type { ApprovalDeps } from '../../approvals/deps.ts';
import { endPending } from '../../approvals/expire.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, inArray, isNotNull } from '../../db/drizzle.ts';
import type { Jobs } from '../../db/jobs.ts';
import { approvals } from '../../db/schema/calls.ts';
import { members } from '../../db/schema/workspaces.ts';
import { wakeHome } from '../../db/work.ts';
import type { Moved } from '../../policy/versions/move-head.ts';
import type { PolicyVersion } from '../../policy/versions/types.ts';
import { dmOf, enqueueOutgoing, type Outgoing } from './enqueue.ts';

/** Homes that are drawn anew when the organisation's policy changes; the others are when they are opened. */
const MOST_HOMES = 200;

interface MovedDeps {
  readonly jobs: Pick<Jobs, 'wake'>;
  readonly approvals: Pick<ApprovalDeps, 'onDecided'>;
}

/**
 * Has drawn what a version that came into force changes: the cards of changes it overtook, whose authors are told, and
 * the Homes of those it concerns, as far as they ever opened them.
 */
export async function tellMoved(
  tx: Transaction,
  { jobs, approvals: decided }: MovedDeps,
  { version, overtaken }: Moved,
): Promise<void> {
  const { workspaceId, owner } = version;
  if (overtaken.length > 0) {
    const ids = overtaken.map(({ id }) => id);
    const open = await tx
      .select({ id: approvals.id })
      .from(approvals)
      .where(and(inArray(approvals.policyVersionId, ids), eq(approvals.status, 'pending')));
    const pending = open.map((row) => row.id);
    await endPending(tx, decided, pending, 'cancelled', 'desk');
    for (const id of pending) await jobs.wake(tx, 'approval', id);
    const people = overtaken.filter(({ author }) => author !== 'operator');
    await enqueueOutgoing(
      tx,
      jobs,
      people.map((lost) => describeOvertaken(lost, version)),
    );
  }
  const homes = await tx
    .select({ memberId: members.memberId })
    .from(members)
    .where(
      and(
        eq(members.workspaceId, workspaceId),
        isNotNull(members.home),
        owner === '' ? undefined : eq(members.memberId, owner),
      ),
    )
    .limit(MOST_HOMES);
  for (const { memberId } of homes) await wakeHome(tx, jobs, { workspaceId, memberId });
}

function describeOvertaken(lost: PolicyVersion, by: PolicyVersion): Outgoing {
  const whose = lost.owner === '' ? 'the organisation’s policy' : 'your policy';
  const author = by.author === 'operator' ? 'An operator' : `<@${by.author}>`;
  const text = `${author} changed ${whose} first, so your change (version ${lost.number}) was not put into force: ${lost.diff.join(' ').slice(0, 500)} Look at version ${by.number} in App Home, Policy, and make it again if you still want it.`;
  return {
    workspaceId: lost.workspaceId,
    channel: dmOf(lost.author),
    threadTs: null,
    key: `overtaken:${lost.id}`,
    kind: 'post',
    payload: { type: 'notice', text },
  };
}
