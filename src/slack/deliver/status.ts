import type { webApi } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import { readSlackCode } from '../slack-errors.ts';
import type { OutboxRow } from './outbox.ts';
import { findSessionStatus } from './thread-turns.ts';

/** Workspaces and codes that were logged; a sign of progress that fails is worth one line, not thousands. */
const logged = new WeakMap<SlackDeps['clients'], Set<string>>();

/**
 * Tells Slack how the thread's session stands. It is a courtesy: where Slack does not know the method or refuses
 * it, messages go on without it.
 */
export async function sendStatus(
  deps: SlackDeps,
  client: webApi.WebClient,
  channel: string,
  row: OutboxRow,
  memberId: string,
): Promise<void> {
  const threadTs = row.threadTs ?? '';
  const thread = { workspaceId: row.workspaceId, channel: row.channel, threadTs };
  const status = await findSessionStatus(deps.calls.database, thread);
  try {
    await client.apiCall('agents.sessions.setStatus', {
      channel_id: channel,
      thread_ts: threadTs,
      status,
      initiator_user_id: memberId,
    });
  } catch (error) {
    const code = readSlackCode(error);
    if (code === null && row.attempts < 2) throw error;
    const seen = logged.get(deps.clients) ?? new Set<string>();
    logged.set(deps.clients, seen);
    const name = `${row.workspaceId} ${code ?? 'no answer'}`;
    if (!seen.has(name))
      deps.calls.log.warn({ workspace: row.workspaceId, code }, 'session status not taken');
    seen.add(name);
  }
}
