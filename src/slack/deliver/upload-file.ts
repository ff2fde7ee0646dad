import type { webApi } from '@slack/bolt';

export interface OutgoingFile {
  /** With its ending, which decides how Slack shows it: `audit.csv`. */
  readonly name: string;
  readonly title: string;
  readonly content: string;
  /** What is said beside it; mrkdwn, everything foreign in it escaped. */
  readonly comment: string;
}

/** Milliseconds the bytes may take. */
const TIMEOUT_MS = 30_000;

/**
 * Posts a text as a file, in Slack's three steps: an address is asked for, the bytes go there, and only then the file
 * is shared. The address is Slack's own answer, and the bytes go to it without our token.
 * https://docs.slack.dev/messaging/working-with-files#uploading_files
 * @param channel id of the channel, not a member's
 * @returns the file's id
 * @throws Error when Slack does not take it; nothing is posted then
 */
export async function uploadFile(
  client: webApi.WebClient,
  channel: string,
  file: OutgoingFile,
): Promise<string> {
  const bytes = Buffer.from(file.content, 'utf8');
  const place = await client.files.getUploadURLExternal({ filename: file.name, length: bytes.length });
  const { upload_url: url, file_id: id } = place;
  if (url === undefined || id === undefined) throw new Error('Slack named no place for a file');
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`Slack did not take the bytes of a file: status ${answer.status}`);
  await client.files.completeUploadExternal({
    files: [{ id, title: file.title }],
    channel_id: channel,
    initial_comment: file.comment,
  });
  return id;
}
