import { forgetWorkspace } from '../forget-workspace.ts';
import type { EventArgs, SlackDeps } from '../deps.ts';
import { workspaceOf } from '../identity.ts';

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
