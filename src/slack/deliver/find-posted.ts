import type { webApi } from '@slack/bolt';
import { isSlackError } from '../slack-errors.ts';
import type { OutboxRow } from './outbox.ts';

/** Under which our messages carry their key. */
export const METADATA_TYPE = 'agentdesk';

/** Clocks of Slack and database may differ by so much. */
const SKEW_SECONDS = 120;

/**
 * Looks whether a message was posted although its answer never came, by the key in its metadata.
 * @returns its ts, or null when it is not there (or the app may not read there)
 */
export async function findPosted(
  client: webApi.WebClient,
  channel: string,
  row: OutboxRow,
): Promise<string | null> {
  const window = {
    channel,
    oldest: String(Math.floor(row.createdAt.getTime() / 1000) - SKEW_SECONDS),
    include_all_metadata: true,
    limit: 200,
  };
  try {
    const { messages } =
      row.threadTs === null
        ? await client.conversations.history(window)
        : await client.conversations.replies({ ...window, ts: row.threadTs });
    const found = messages?.find(
      ({ metadata }) =>
        metadata?.event_type === METADATA_TYPE &&
        (metadata.event_payload as Record<string, unknown> | undefined)?.['key'] === row.key,
    );
    return found?.ts ?? null;
  } catch (error) {
    if (isSlackError(error, 'missing_scope', 'thread_not_found', 'not_in_channel', 'channel_not_found'))
      return null;
    throw error;
  }
}
