import type { Turn } from '../../calls/deps.ts';
import type { Database } from '../../db/client.ts';
import { and, asc, eq, inArray } from '../../db/drizzle.ts';
import { turns } from '../../db/schema/conversations.ts';

interface Thread {
  readonly workspaceId: string;
  readonly channel: string;
  readonly threadTs: string;
}

/** The turns of a Slack thread that have not ended, oldest first. */
export async function listOpenTurns(database: Database, thread: Thread): Promise<Turn[]> {
  return database.db
    .select()
    .from(turns)
    .where(
      and(
        eq(turns.workspaceId, thread.workspaceId),
        eq(turns.channel, thread.channel),
        eq(turns.threadTs, thread.threadTs),
        inArray(turns.status, ['queued', 'running', 'waiting']),
      ),
    )
    .orderBy(asc(turns.createdAt));
}

/**
 * What Slack is told of the thread's session: working while any turn does, suspended while one waits for a person.
 * https://docs.slack.dev/ai/agent-sessions
 */
export async function findSessionStatus(
  database: Database,
  thread: Thread,
): Promise<'processing' | 'suspended' | 'active'> {
  const open = await listOpenTurns(database, thread);
  if (open.length === 0) return 'active';
  return open.some((turn) => turn.status !== 'waiting') ? 'processing' : 'suspended';
}
