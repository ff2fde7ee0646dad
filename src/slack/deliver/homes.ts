import { z } from 'zod';
import type { Database } from '../../db/client.ts';
import { and, eq } from '../../db/drizzle.ts';
import { members } from '../../db/schema/workspaces.ts';

const drawn = z.object({
  /** The view's private_metadata: where in Home the person is. */
  metadata: z.string(),
  /** Slack's hash of the view. */
  hash: z.string(),
  /** The sentence at its top, if any, and when it was drawn (ISO 8601). */
  notice: z.string().nullable(),
  at: z.string(),
});

/** A member's Home view as it was last drawn; Slack does not tell it when asked. */
export type DrawnHome = z.infer<typeof drawn>;

interface Owner {
  readonly workspaceId: string;
  readonly memberId: string;
}

export async function saveDrawnHome(database: Database, owner: Owner, home: DrawnHome): Promise<void> {
  const { workspaceId, memberId } = owner;
  await database.db
    .insert(members)
    .values({ workspaceId, memberId, home })
    .onConflictDoUpdate({ target: [members.workspaceId, members.memberId], set: { home } });
}

/** @returns null when they never opened it */
export async function findDrawnHome(database: Database, owner: Owner): Promise<DrawnHome | null> {
  const [row] = await database.db
    .select({ home: members.home })
    .from(members)
    .where(and(eq(members.workspaceId, owner.workspaceId), eq(members.memberId, owner.memberId)));
  const parsed = drawn.safeParse(row?.home);
  return parsed.success ? parsed.data : null;
}
