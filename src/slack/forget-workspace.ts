import { leave } from '../calls/leave.ts';
import { markUninstalled } from './installations.ts';
import type { SlackDeps } from './deps.ts';

/** The workspace removed AgentDesk, or took its token back: everything open there ends, everyone's accounts too. */
export async function forgetWorkspace(deps: SlackDeps, workspaceId: string): Promise<void> {
  const { database, log } = deps.calls;
  const gone = await leave(deps.calls, { workspaceId, memberId: null }, 'uninstalled', 'desk');
  await markUninstalled(database, workspaceId);
  deps.clients.forget(workspaceId);
  log.warn({ workspace: workspaceId, members: gone.length }, 'AgentDesk was removed from a workspace');
}
