import type { Database } from '../../db/client.ts';
import { and, asc, desc, eq, inArray, isNull, or } from '../../db/drizzle.ts';
import { auditEvents } from '../../db/schema/records.ts';
import type { AuditRow } from '../query.ts';
import type { AuditScope } from './filter.ts';

/** Everything the log has about one line of the timeline. */
export interface Story {
  readonly head: AuditRow;
  /** In the order it happened, the head among them. */
  readonly events: readonly AuditRow[];
}

/** More than a call can have by itself; what is beyond is left to the export. */
const MOST = 200;

/**
 * The story of an entry: of its call with the message it began with; of a message without a call; of a change to the
 * policy with its approval, by the code; else the entry alone.
 * @param headId id of the entry, as a button or a view says it
 * @returns null when there is none that may be seen
 */
export async function readStory(
  database: Database,
  scope: AuditScope,
  headId: number,
): Promise<Story | null> {
  const visible = and(
    eq(auditEvents.workspaceId, scope.workspaceId),
    scope.memberId === null ? undefined : eq(auditEvents.memberId, scope.memberId),
  );
  const [head] = await database.within(scope.workspaceId, (tx) =>
    tx
      .select()
      .from(auditEvents)
      .where(and(visible, eq(auditEvents.id, headId))),
  );
  if (head === undefined) return null;
  const about = aboutOf(head);
  if (about === null) return { head, events: [head] };
  const events = await database.within(scope.workspaceId, (tx) =>
    tx.select().from(auditEvents).where(and(visible, about)).orderBy(asc(auditEvents.id)).limit(MOST),
  );
  return { head, events };
}

function aboutOf({ callId, code, turnId }: AuditRow) {
  const turn = turnId === null ? undefined : and(eq(auditEvents.turnId, turnId), isNull(auditEvents.callId));
  if (callId !== null) {
    const beginning = and(turn, eq(auditEvents.type, 'message.received'));
    return turn === undefined
      ? eq(auditEvents.callId, callId)
      : or(eq(auditEvents.callId, callId), beginning);
  }
  if (code !== null) return and(eq(auditEvents.code, code), isNull(auditEvents.callId));
  return turn ?? null;
}

/** Where the story of a call begins in the timeline: its proposal, or what else the log has of it. @returns an entry's id */
export async function findHeadOfCall(
  database: Database,
  workspaceId: string,
  about: { readonly callId: string } | { readonly code: string },
): Promise<number | null> {
  const mine = eq(auditEvents.workspaceId, workspaceId);
  const which = 'callId' in about ? eq(auditEvents.callId, about.callId) : eq(auditEvents.code, about.code);
  const heads = inArray(auditEvents.type, ['call.proposed', 'policy.proposed']);
  return database.within(workspaceId, async (tx) => {
    const [row] = await tx
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(and(mine, which, heads))
      .orderBy(desc(auditEvents.id))
      .limit(1);
    if (row !== undefined) return row.id;
    const [any] = await tx
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(and(mine, which))
      .orderBy(asc(auditEvents.id))
      .limit(1);
    return any?.id ?? null;
  });
}
