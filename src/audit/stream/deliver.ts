import type { Database, Transaction } from '../../db/client.ts';
import { sql } from '../../db/drizzle.ts';
import { readLeaves } from '../export/pages.ts';
import { originOf } from '../log/keys.ts';
import type { PostProblem } from '../post.ts';
import type { Sink } from './sink.ts';

/** Events sent at once. */
const BATCH = 500;
const EVERYTHING = { from: null, to: null, memberId: null };
/** Seconds to the next attempt after the first failure, doubled each time, up to five minutes. */
const FIRST_RETRY = 2;
const LONGEST_RETRY = 300;

/** What came of a delivery; null when there was nothing to send, or another process is at it. */
export interface Delivery {
  readonly sent: number;
  /** Events of the log that were not taken yet. */
  readonly waiting: number;
  readonly attempts: number;
  readonly problem: PostProblem | null;
}

/** Makes sure that each log has a row for the sink; it begins with the log's first event. */
export async function listStreams(database: Database, sink: Sink['name']): Promise<string[]> {
  await database.db.execute(sql`
    insert into agentdesk.audit_streams (workspace_id, sink)
    select workspace_id, ${sink} from agentdesk.audit_logs where size > 0 on conflict do nothing`);
  const due = await database.db.execute<{ workspace_id: string }>(sql`
    select l.workspace_id from agentdesk.audit_logs l join agentdesk.audit_streams s
      on s.workspace_id = l.workspace_id and s.sink = ${sink}
    where l.size > s.next and s.due_at <= clock_timestamp() order by s.due_at, l.workspace_id`);
  return due.map((row) => row.workspace_id);
}

/**
 * Sends the next events of a log, in the order of the log, at least once. The row that says how far the sink has got is
 * locked meanwhile, so that no two processes send of one log at a time; when the process dies, so does the lock.
 */
export async function deliverNext(
  database: Database,
  sink: Sink,
  workspaceId: string,
): Promise<Delivery | null> {
  return database.within(workspaceId, async (tx) => {
    const at = await lockStream(tx, sink.name, workspaceId);
    if (at === null || at.next >= at.size) return null;
    const to = Math.min(at.next + BATCH, at.size);
    const leaves = await readLeaves(tx, workspaceId, [at.next, to], EVERYTHING);
    const events = leaves.flatMap(({ record }) => (record === null ? [] : [record]));
    const batch = { workspaceId, origin: originOf(at.logId), from: at.next, to, events };
    // Erased or pruned to the last: there is nothing to tell.
    const problem = events.length === 0 ? null : await sink.send(batch);
    const attempts = problem === null ? 0 : at.attempts + 1;
    const wait = Math.min(LONGEST_RETRY, problem?.retryAfter ?? FIRST_RETRY * 2 ** Math.min(at.attempts, 10));
    const next = problem === null ? to : at.next;
    await tx.execute(sql`
      update agentdesk.audit_streams set next = ${next}, attempts = ${attempts}, last_error = ${problem?.what ?? null},
        due_at = clock_timestamp() + make_interval(secs => ${problem === null ? 0 : wait}),
        sent_at = case when ${problem === null} then clock_timestamp() else sent_at end
      where workspace_id = ${workspaceId} and sink = ${sink.name}`);
    return { sent: next - at.next, waiting: at.size - next, attempts, problem };
  });
}

async function lockStream(
  tx: Transaction,
  sink: string,
  workspaceId: string,
): Promise<{ logId: string; size: number; next: number; attempts: number } | null> {
  const [row] = await tx.execute<{ log_id: string; size: string; next: string; attempts: number }>(sql`
    select l.log_id::text as log_id, l.size::text as size, s.next::text as next, s.attempts
    from agentdesk.audit_streams s join agentdesk.audit_logs l on l.workspace_id = s.workspace_id
    where s.workspace_id = ${workspaceId} and s.sink = ${sink} and s.due_at <= clock_timestamp()
    for update of s skip locked`);
  return row === undefined
    ? null
    : { logId: row.log_id, size: Number(row.size), next: Number(row.next), attempts: row.attempts };
}
