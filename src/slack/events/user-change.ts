import { leave } from '../../calls/leave.ts';
import type { EventArgs, SlackDeps } from '../deps.ts';
import { workspaceOf } from '../identity.ts';

/**
 * Slack tells of every change to a profile; ours to act on is a deactivation.
 * https://docs.slack.dev/reference/events/user_change
 */
export async function handleUserChange(
  deps: SlackDeps,
  { event, context }: EventArgs<'user_change'>,
): Promise<void> {
  if (event.user.deleted !== true) return;
  const workspaceId = workspaceOf(context);
  const gone = await leave(deps.calls, { workspaceId, memberId: event.user.id }, 'deactivated', 'desk');
  if (gone.length > 0) deps.calls.log.info({ workspace: workspaceId }, 'a member left');
}
