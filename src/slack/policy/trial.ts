import { append } from '../../audit/append.ts';
import { replayCandidate, type CandidateReplay } from '../../policy/replay/replay-candidate.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { placeOf } from './change.ts';
import type { Preview } from './preview.ts';

/** How far back, and how many calls at most, a change is tried on. */
const DAYS = 30;
const DAY_MS = 86_400_000;
const MOST_CALLS = 1_000;
const MOST_LISTED = 8;

/** What became of trying a change on the past. It informs; it never decides what a change needs. */
export type Trial = CandidateReplay | 'running' | 'failed';

/**
 * Tries a change on the calls of the last 30 days. That an admin sees what others had done is in the audit.
 * @returns `failed` when it could not be tried, which is in the log
 */
export async function tryChange(
  deps: SlackDeps,
  actor: Actor,
  { change, document }: Pick<Preview, 'change' | 'document'>,
): Promise<CandidateReplay | 'failed'> {
  const { database, catalog } = deps.policy;
  const since = new Date(deps.calls.now().getTime() - DAYS * DAY_MS);
  const candidate = { ...placeOf(actor, change.scope), document };
  try {
    const report = await replayCandidate(
      { database, catalog },
      candidate,
      { since, limit: MOST_CALLS },
      MOST_LISTED,
    );
    if (report.list.some(({ decision }) => decision.memberId !== actor.memberId))
      await recordRead(deps, actor);
    return report;
  } catch (error) {
    deps.calls.log.error({ err: error }, 'a change of the policy was not tried on the past');
    return 'failed';
  }
}

async function recordRead(deps: SlackDeps, { workspaceId, memberId }: Actor): Promise<void> {
  await deps.calls.database.transaction((tx) =>
    append(tx, {
      workspaceId,
      type: 'audit.read',
      actor: `member:${memberId}`,
      memberId,
      target: 'replay',
      outcome: 'shown',
    }),
  );
}
