import type { Database, Transaction } from '../../db/client.ts';
import { desc, eq } from '../../db/drizzle.ts';
import { auditFindings } from '../../db/schema/audit-log.ts';
import { append } from '../append.ts';

/** Something in the log that cannot be, if nobody went past the application. */
export interface Finding {
  readonly kind:
    | 'gone_before_sealing'
    | 'inconsistent'
    | 'tree_altered'
    | 'checkpoint_altered'
    | 'leaf_missing'
    | 'leaf_altered'
    | 'row_missing'
    | 'row_altered'
    | 'salt_missing'
    | 'row_unsealed'
    | 'orphan'
    | 'foreign_exchange';
  /** Kind and place: the same finding has the same key for good. */
  readonly key: string;
  /** A sentence for an admin, without anything confidential. */
  readonly text: string;
}

/**
 * Keeps a finding, and records that it was found, once.
 * @returns whether it is new
 */
export async function recordFinding(
  tx: Transaction,
  workspaceId: string,
  finding: Finding,
): Promise<boolean> {
  const added = await tx
    .insert(auditFindings)
    .values({ workspaceId, ...finding })
    .onConflictDoNothing()
    .returning();
  if (added.length === 0) return false;
  await append(tx, {
    workspaceId,
    type: 'audit.finding',
    actor: 'desk',
    outcome: finding.kind,
    why: finding.text,
    detail: { key: finding.key },
  });
  return true;
}

/** The findings of a workspace, newest first. */
export function listFindings(
  database: Database,
  workspaceId: string,
): Promise<(typeof auditFindings.$inferSelect)[]> {
  return database.within(workspaceId, (tx) =>
    tx
      .select()
      .from(auditFindings)
      .where(eq(auditFindings.workspaceId, workspaceId))
      .orderBy(desc(auditFindings.foundAt)),
  );
}
