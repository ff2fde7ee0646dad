import { createHash } from 'node:crypto';
import type { Database } from '../../db/client.ts';
import { sql } from '../../db/drizzle.ts';
import { postJson } from '../post.ts';

export interface WitnessDeps {
  readonly database: Database;
  /** An incoming webhook, or anything else that takes a POST of `{"text": …}`. It is a secret. */
  readonly url: string;
}

/** Seconds to the next attempt after the first failure, doubled each time, up to an hour. */
const FIRST_RETRY = 10;
const LONGEST_RETRY = 3_600;

/** What stands above a checkpoint that people see. */
export const WITNESS_HEADING =
  'Audit checkpoint. Keep it: it proves later that nothing before it was changed.';

/** A checkpoint as people keep it: what `agentdesk audit verify --checkpoint` reads back. */
function writeWitnessText(note: string): string {
  return `${WITNESS_HEADING}\n\`\`\`\n${note}\`\`\``;
}

/**
 * Posts the newest checkpoint of each log that the witness does not have yet. Those in between need not be: each
 * checkpoint covers all before it. A failure is tried again later, the longer the more often it failed.
 * @returns how many were posted
 */
export async function tellWitness({ database, url }: WitnessDeps): Promise<number> {
  const witness = createHash('sha256').update(url).digest('hex');
  const due = await database.db.execute<{
    workspace_id: string;
    size: string;
    note: string;
    attempts: number;
  }>(sql`
    select c.workspace_id, c.size::text as size, c.note, coalesce(w.attempts, 0) as attempts
    from agentdesk.audit_logs l
    join lateral (select * from agentdesk.audit_checkpoints x
      where x.workspace_id = l.workspace_id order by x.size desc limit 1) c on true
    left join agentdesk.audit_witnesses w on w.workspace_id = l.workspace_id and w.witness = ${witness}
    where c.size > coalesce(w.size, 0) and coalesce(w.due_at, '-infinity') <= clock_timestamp()`);
  let posted = 0;
  for (const { workspace_id: workspaceId, size, note, attempts } of due) {
    const problem = await postJson(url, JSON.stringify({ text: writeWitnessText(note) }));
    if (problem === null) posted += 1;
    const wait = Math.min(LONGEST_RETRY, problem?.retryAfter ?? FIRST_RETRY * 2 ** attempts);
    await database.db.execute(sql`
      insert into agentdesk.audit_witnesses as w (workspace_id, witness, size, attempts, due_at, last_error, sent_at)
      values (${workspaceId}, ${witness}, ${problem === null ? Number(size) : 0}, ${problem === null ? 0 : attempts + 1},
        clock_timestamp() + make_interval(secs => ${problem === null ? 0 : wait}), ${problem?.what ?? null},
        ${problem === null ? sql`clock_timestamp()` : null})
      on conflict (workspace_id, witness) do update set size = greatest(w.size, excluded.size),
        attempts = excluded.attempts, due_at = excluded.due_at, last_error = excluded.last_error,
        sent_at = coalesce(excluded.sent_at, w.sent_at)`);
  }
  return posted;
}
