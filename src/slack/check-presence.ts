import { leave } from '../calls/leave.ts';
import { takeUnchecked } from '../calls/presence.ts';
import type { SlackDeps } from './deps.ts';
import { forgetWorkspace } from './forget-workspace.ts';
import { isSlackError } from './slack-errors.ts';

/** Members asked about in one go, once a minute: a fifth of what Slack allows of `users.info`. */
const BATCH = 20;

/**
 * Asks Slack whether members are still there, and our token is good: an event that told otherwise may have been missed.
 */
export async function checkPresence(deps: SlackDeps): Promise<void> {
  const { log } = deps.calls;
  const taken = await takeUnchecked(deps.calls, BATCH);
  const lost = new Set<string>();
  for (const { workspaceId, memberId } of taken) {
    if (lost.has(workspaceId)) continue;
    try {
      if (await deps.directory.hasLeft(workspaceId, memberId))
        await leave(deps.calls, { workspaceId, memberId }, 'deactivated', 'desk');
    } catch (error) {
      // Slack's words for a token that was taken back, by an uninstall or otherwise (docs.slack.dev, auth.test).
      if (!isSlackError(error, 'account_inactive', 'token_revoked')) {
        log.warn({ err: error, workspace: workspaceId }, 'Slack did not say whether a member is still there');
        continue;
      }
      lost.add(workspaceId);
      await forgetWorkspace(deps, workspaceId);
    }
  }
}
