import type { Database, Transaction } from '../../db/client.ts';
import { and, asc, eq, inArray, sql, type SQL } from '../../db/drizzle.ts';
import { auditEvents } from '../../db/schema/records.ts';
import type { AuditRow } from '../query.ts';
import { conditionsOf, matchesText, type AuditFilter, type AuditScope } from './filter.ts';

/** One line of the timeline: a call, a message without one, or something else that happened. */
export interface AuditLine {
  readonly head: AuditRow;
  /** Of a call: how it was proposed, decided and settled, in the order it happened; else empty. */
  readonly steps: readonly AuditRow[];
}

export interface AuditLines {
  /** Newest first. */
  readonly lines: readonly AuditLine[];
  /** Whether there are more in the direction that was asked for. */
  readonly more: boolean;
  /** Whether a free text was looked for in so many entries that the search was ended. */
  readonly cutShort: boolean;
}

/** Where to go on from: the lines older or newer than an entry. */
export type Place = { readonly before: number } | { readonly after: number } | null;

/** Entries a free text is looked for in at one go; no index helps there, so the time is bounded by this. */
const SEARCHED = 20_000;

const TOLD = ['call.proposed', 'call.decided', 'approval.requested', 'approval.decided', 'call.settled'];

/** A page of the timeline, found by key, so that the last page takes as long as the first. */
export async function listLines(
  database: Database,
  scope: AuditScope,
  filter: AuditFilter,
  page: { readonly place: Place; readonly limit: number },
): Promise<AuditLines> {
  return readInside(database, scope, async (tx) => {
    const ids = await findHeads(tx, scope, filter, { ...page, limit: page.limit + 1 });
    const more = ids.length > page.limit;
    const near = ids.slice(0, page.limit);
    const shown = page.place !== null && 'after' in page.place ? near.reverse() : near;
    const lines = await loadLines(tx, scope.workspaceId, shown);
    const cutShort = filter.text !== undefined && !more && (await isCutShort(tx, scope, filter, page.place));
    return { lines, more, cutShort };
  });
}

/** The line beside one, of those that match. @returns its head's id, null at the end */
export async function findBeside(
  database: Database,
  scope: AuditScope,
  filter: AuditFilter,
  place: Place,
): Promise<number | null> {
  return readInside(database, scope, async (tx) => {
    const [id] = await findHeads(tx, scope, filter, { place, limit: 1 });
    return id ?? null;
  });
}

/** Reads in the one transaction in which the workspace's rows show, all of it as at one moment. */
export function readInside<T>(
  database: Database,
  { workspaceId }: Pick<AuditScope, 'workspaceId'>,
  read: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return database.within(workspaceId, read, { isolationLevel: 'repeatable read', accessMode: 'read only' });
}

/** The heads that match, the nearest to the place first. */
export async function findHeads(
  tx: Transaction,
  scope: AuditScope,
  filter: AuditFilter,
  { place, limit }: { readonly place: Place; readonly limit: number },
): Promise<number[]> {
  const order = orderOf(place);
  const inner = sql`select e.* from agentdesk.audit_events e
    where ${conditionsOf(scope, filter)} ${placeOf(scope, place)} order by ${order}`;
  const query =
    filter.text === undefined
      ? sql`select e.id from (${inner} limit ${limit}) e order by ${order}`
      : sql`select e.id from (${inner} limit ${SEARCHED}) e where ${matchesText(filter.text)} order by ${order} limit ${limit}`;
  const rows = await tx.execute<{ id: string | number }>(query);
  return rows.map((row) => Number(row.id));
}

function orderOf(place: Place): SQL {
  return place !== null && 'after' in place ? sql`e.at, e.id` : sql`e.at desc, e.id desc`;
}

/** The place is looked up by its id, so that a view holds a number and no time. An unknown one shows nothing. */
function placeOf({ workspaceId }: AuditScope, place: Place): SQL {
  if (place === null) return sql``;
  const [sign, id] = 'before' in place ? [sql`<`, place.before] : [sql`>`, place.after];
  return sql`and (e.at, e.id) ${sign} (
    (select k.at from agentdesk.audit_events k where k.id = ${id} and k.workspace_id = ${workspaceId}), ${id}::bigint)`;
}

async function isCutShort(
  tx: Transaction,
  scope: AuditScope,
  filter: AuditFilter,
  place: Place,
): Promise<boolean> {
  const [row] = await tx.execute<{ n: string }>(sql`select count(*) as n from (
    select 1 from agentdesk.audit_events e where ${conditionsOf(scope, filter)} ${placeOf(scope, place)} limit ${SEARCHED}) s`);
  return Number(row?.n ?? 0) >= SEARCHED;
}

/** The lines of the given heads, in their order. */
async function loadLines(tx: Transaction, workspaceId: string, ids: readonly number[]): Promise<AuditLine[]> {
  if (ids.length === 0) return [];
  const mine = eq(auditEvents.workspaceId, workspaceId);
  const heads = await tx
    .select()
    .from(auditEvents)
    .where(and(mine, inArray(auditEvents.id, [...ids])));
  const calls = [...new Set(heads.map((head) => head.callId).filter((id) => id !== null))];
  const steps =
    calls.length === 0
      ? []
      : await tx
          .select()
          .from(auditEvents)
          .where(and(mine, inArray(auditEvents.callId, calls), inArray(auditEvents.type, TOLD)))
          .orderBy(asc(auditEvents.id));
  return ids.flatMap((id) => {
    const head = heads.find((one) => one.id === id);
    return head === undefined
      ? []
      : [{ head, steps: steps.filter((step) => step.callId !== null && step.callId === head.callId) }];
  });
}
