import type { Context } from '@slack/bolt';
import type { Actor } from './directory/directory.ts';

/** The workspace a payload belongs to: the organisation for an org-wide install, else the team. */
export function workspaceOf(
  context: Pick<Context, 'isEnterpriseInstall' | 'enterpriseId' | 'teamId'>,
): string {
  return (context.isEnterpriseInstall ? context.enterpriseId : context.teamId) ?? '';
}

/** Who acted, from the signed payload; names in it mean nothing. */
export function readActor(
  context: Context,
  user: { readonly id: string; readonly team_id?: string | undefined },
): Actor {
  return { workspaceId: workspaceOf(context), memberId: user.id, teamId: user.team_id ?? null };
}
