import { z } from 'zod';

/** A member as `users.info` describes one; what we do not use is left out. */
export const person = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().default(''),
  real_name: z.string().optional(),
  tz: z.string().nullish(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_admin: z.boolean().default(false),
  is_owner: z.boolean().default(false),
  is_primary_owner: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
  enterprise_user: z.object({ enterprise_id: z.string().optional() }).nullish(),
  profile: z.object({ email: z.string().nullish(), real_name: z.string().nullish() }).default({}),
});

export type Person = z.infer<typeof person>;

export type Standing = 'admin' | 'member' | 'guest' | 'bot' | 'deactivated' | 'stranger';

/**
 * What a person is in our workspace, as Slack says.
 * @param home the workspace's id, and the organisation's when it belongs to one
 */
export function standingOf(
  who: Person,
  home: { workspaceId: string; enterpriseId: string | null },
): Standing {
  if (who.deleted) return 'deactivated';
  if (who.is_bot || who.id === 'USLACKBOT') return 'bot';
  const enterprise = who.enterprise_user?.enterprise_id;
  const sameTeam = who.team_id === undefined || who.team_id === home.workspaceId;
  const sameOrg = enterprise !== undefined && [home.enterpriseId, home.workspaceId].includes(enterprise);
  if (who.is_stranger || !(sameTeam || sameOrg)) return 'stranger';
  if (who.is_restricted || who.is_ultra_restricted) return 'guest';
  return who.is_admin || who.is_owner || who.is_primary_owner ? 'admin' : 'member';
}
