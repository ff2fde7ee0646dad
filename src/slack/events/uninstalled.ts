import { markUninstalled } from '../installations.ts';
import type { EventArgs, SlackDeps } from '../deps.ts';
import { workspaceOf } from '../identity.ts';

async function forgetWorkspace(deps: SlackDeps, workspaceId: string): Promise<void> {
  const { database, approvals, log } = deps.calls;
  await markUninstalled({ database, approvals }, workspaceId);
  deps.clients.forget(workspaceId);
  log.warn({ workspace: workspaceId }, 'AgentDesk was removed from a workspace');
}

export async function handleAppUninstalled(
  deps: SlackDeps,
  { context }: EventArgs<'app_uninstalled'>,
): Promise<void> {
  await forgetWorkspace(deps, workspaceOf(context));
}

/** Only the bot's own token matters: we hold no member's. */
export async function handleTokensRevoked(
  deps: SlackDeps,
  { event, context }: EventArgs<'tokens_revoked'>,
): Promise<void> {
  if ((event.tokens.bot ?? []).length > 0) await forgetWorkspace(deps, workspaceOf(context));
}
