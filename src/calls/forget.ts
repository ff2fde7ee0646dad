import type { Database, Transaction } from '../db/client.ts';
import { sql, type SQL } from '../db/drizzle.ts';

/** Turns taken at a time. */
const BATCH = 200;

const HELD = (workspace: SQL, member: SQL): SQL => sql`exists (select 1 from agentdesk.audit_holds h
  where h.workspace_id = ${workspace} and h.member_id in ('', ${member}))`;

/**
 * Blanks what was said and done in turns that ended before `cutoff` and have nothing open: the person's words, arguments, results,
 * what a card showed of them, the model's state, histories, and texts that were posted. What stays says that it was:
 * ids, states, times, digests, codes, what the policy was asked. Whoever is under legal hold is left alone.
 * @returns how many turns; a full batch means that more may be waiting
 */
export async function forgetTurns(
  database: Database,
  cutoff: Date,
): Promise<{ turns: number; more: boolean }> {
  const turns = await database.transaction(async (tx) => {
    const rows = await tx.execute<{ id: string }>(sql`
      select t.id from agentdesk.turns t
      where t.ended_at < ${cutoff.toISOString()}::timestamptz and t.forgotten_at is null
        and not exists (select 1 from agentdesk.calls c where c.turn_id = t.id
          and c.status in ('allowed', 'pending', 'approved', 'executing', 'unknown'))
        and not ${HELD(sql`t.workspace_id`, sql`t.member_id`)}
      order by t.ended_at limit ${BATCH} for update skip locked`);
    if (rows.length > 0) await blankTurns(tx, JSON.stringify(rows.map(({ id }) => id)));
    return rows.length;
  });
  await forgetTexts(database, cutoff);
  return { turns, more: turns === BATCH };
}

async function blankTurns(tx: Transaction, ids: string): Promise<void> {
  const those = sql`(select jsonb_array_elements_text(${ids}::jsonb))`;
  await tx.execute(
    sql`update agentdesk.turns set text = '', forgotten_at = clock_timestamp() where id in ${those}`,
  );
  // Without its nonce a digest cannot be tried out.
  await tx.execute(sql`update agentdesk.calls set args = ''::bytea, raw_args = ''::bytea, raw_digest = ''::bytea,
    nonce = ''::bytea, result = null, handle = null, error_message = null where turn_id in ${those}`);
  await tx.execute(sql`update agentdesk.approvals
    set presentation = presentation || '{"fields": [], "why": "", "line": ""}', reason = null
    where turn_id in ${those}`);
  for (const table of ['checkpoint_writes', 'checkpoint_blobs', 'checkpoints']) {
    await tx.execute(sql`delete from langgraph.${sql.identifier(table)} where thread_id in ${those}`);
  }
}

/** Histories nobody went on with, and posted texts, which name no turn. */
async function forgetTexts(database: Database, cutoff: Date): Promise<void> {
  const before = sql`${cutoff.toISOString()}::timestamptz`;
  await database.db.execute(sql`update agentdesk.conversations c set history = '[]', summary = ''
    where c.updated_at < ${before} and (c.history <> '[]' or c.summary <> '')
      and not ${HELD(sql`c.workspace_id`, sql`c.member_id`)}`);
  await database.db.execute(sql`update agentdesk.outbox o set payload = o.payload || '{"text": ""}'
    where coalesce(o.sent_at, o.failed_at) < ${before} and o.payload->>'type' in ('reply', 'notice', 'admins')
      and o.payload->>'text' <> ''
      and not exists (select 1 from agentdesk.audit_holds h where h.workspace_id = o.workspace_id)`);
}
