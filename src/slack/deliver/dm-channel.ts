import type { webApi } from '@slack/bolt';
import type { Database } from '../../db/client.ts';
import { and, eq } from '../../db/drizzle.ts';
import { members } from '../../db/schema/workspaces.ts';

/** The channel to call Slack with: a direct message named by its member is opened first, and remembered. */
export async function resolveChannel(
  database: Database,
  client: webApi.WebClient,
  place: { workspaceId: string; channel: string },
): Promise<string> {
  const { workspaceId, channel } = place;
  if (!channel.startsWith('@')) return channel;
  const memberId = channel.slice(1);
  const where = and(eq(members.workspaceId, workspaceId), eq(members.memberId, memberId));
  const [known] = await database.db.select({ dm: members.dmChannel }).from(members).where(where);
  if (known?.dm !== undefined && known.dm !== null) return known.dm;
  const opened = (await client.conversations.open({ users: memberId })).channel?.id ?? '';
  await database.db.update(members).set({ dmChannel: opened }).where(where);
  return opened;
}
