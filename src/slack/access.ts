import { append } from '../audit/append.ts';
import type { DeskError } from '../errors.ts';
import type { SlackDeps } from './deps.ts';
import type { Actor } from './directory/directory.ts';

/** Records that someone was turned away at the door: one event each time. */
export async function refuseAccess(
  deps: Pick<SlackDeps, 'calls'>,
  actor: Actor,
  what: string,
  refused: DeskError,
): Promise<void> {
  await deps.calls.database.transaction((tx) =>
    append(tx, {
      workspaceId: actor.workspaceId,
      type: 'access.refused',
      actor: `member:${actor.memberId}`,
      memberId: actor.memberId,
      outcome: refused.code,
      target: what,
      why: refused.message,
      detail: { team: actor.teamId },
    }),
  );
}
