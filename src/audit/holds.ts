import type { Database } from '../db/client.ts';
import { and, eq } from '../db/drizzle.ts';
import { auditHolds } from '../db/schema/audit-log.ts';

/** Whom a legal hold is about. @property memberId `''` = the whole workspace */
export interface HoldSubject {
  readonly workspaceId: string;
  readonly memberId: string;
}

/** As the owner; a hold that is there keeps its time and gets the new reason. */
export async function placeHold(owner: Database, about: HoldSubject, reason: string): Promise<void> {
  await owner.db
    .insert(auditHolds)
    .values({ ...about, reason })
    .onConflictDoUpdate({ target: [auditHolds.workspaceId, auditHolds.memberId], set: { reason } });
}

/** As the owner. @returns whether there was one */
export async function liftHold(owner: Database, { workspaceId, memberId }: HoldSubject): Promise<boolean> {
  const lifted = await owner.db
    .delete(auditHolds)
    .where(and(eq(auditHolds.workspaceId, workspaceId), eq(auditHolds.memberId, memberId)))
    .returning();
  return lifted.length > 0;
}
