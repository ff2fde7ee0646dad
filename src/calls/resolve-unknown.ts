import { isCallApproval } from '../approvals/deps.ts';
import { findById } from '../approvals/query.ts';
import { sql } from '../db/drizzle.ts';
import { DeskError } from '../errors.ts';
import type { Call, CallDeps } from './deps.ts';
import { findCall } from './query.ts';
import { moveCall } from './transitions.ts';

/**
 * A person looked and says whether an unknown effect happened. It is recorded as their word; nothing runs again.
 * @throws DeskError `approval_unknown`, `not_yours`, `not_allowed` (it is known by now)
 */
export async function resolveUnknown(
  deps: CallDeps,
  who: { workspaceId: string; memberId: string },
  approvalId: string,
  happened: boolean,
): Promise<Call> {
  const approval = await findById(deps.database, who.workspaceId, approvalId);
  if (approval === null || !isCallApproval(approval)) throw new DeskError('approval_unknown');
  if (approval.memberId !== who.memberId)
    throw new DeskError('not_yours', { owner: `<@${approval.memberId}>` });
  const before = await findCall(deps, approval.callId);
  if (before?.status !== 'unknown')
    throw new DeskError('not_allowed', { reason: 'what became of it is known by now' });
  const about = {
    actor: `member:${who.memberId}`,
    why: happened ? 'the person says it happened' : 'the person says it did not happen',
    detail: { resolved_by: who.memberId },
  };
  const ended = { settledAt: sql`clock_timestamp()`, reconcileAt: null };
  const summary = 'It happened, says the person who looked.';
  const call = await deps.database.transaction((tx) =>
    happened
      ? moveCall(
          tx,
          'finish',
          before.id,
          { ...ended, result: { summary, data: null }, errorCode: null, errorMessage: null },
          about,
        )
      : moveCall(
          tx,
          'fail',
          before.id,
          { ...ended, errorMessage: 'It did not happen, says the person who looked.' },
          about,
        ),
  );
  if (call === null) throw new DeskError('not_allowed', { reason: 'what became of it is known by now' });
  return call;
}
