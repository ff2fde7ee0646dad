import type { webApi } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import { resolveChannel } from './dm-channel.ts';
import { tellAdmins } from './announce.ts';
import { classifyFailure, isTokenProblem } from './failures.ts';
import { findPosted, METADATA_TYPE } from './find-posted.ts';
import * as box from './outbox.ts';
import type { Payload } from './payload.ts';
import { renderPayload } from './render.ts';
import { sendStatus } from './status.ts';

/**
 * Says everything that has to be said in one channel, in order; the handler of the queue `deliver`.
 * @param key `<workspace>/<channel>`
 */
export async function sendOutbox(deps: SlackDeps, key: string, signal: AbortSignal): Promise<void> {
  const slash = key.indexOf('/');
  const [workspaceId, channel] = [key.slice(0, slash), key.slice(slash + 1)];
  while (!signal.aborted) {
    const next = await box.takeNextOutgoing(deps.calls.database, workspaceId, channel);
    if (next === null) return;
    if (next.dueInSeconds > 0) {
      await deps.calls.jobs.wakeLater('deliver', key, next.dueInSeconds);
      return;
    }
    await sendRow(deps, next.row);
  }
}

async function sendRow(deps: SlackDeps, row: box.OutboxRow): Promise<void> {
  const { database, log } = deps.calls;
  try {
    const client = await deps.clients.forWorkspace(row.workspaceId);
    const payload = row.payload as Payload;
    if (payload.type === 'admins') {
      await tellAdmins(deps, row, payload);
      return box.markSent(database, row, null);
    }
    const channel = await resolveChannel(database, client, row);
    await box.countAttempt(database, row);
    await say(deps, client, channel, row);
  } catch (error) {
    const failure = classifyFailure(error, row.attempts + 1);
    if (isTokenProblem(error)) deps.clients.forget(row.workspaceId);
    const about = { key: row.key, channel: row.channel, err: error };
    if (failure.kind === 'later') {
      log.warn(about, 'Slack did not take a message; it is sent again later');
      deps.calls.telemetry.countSlackRetry();
      return box.postpone(database, row, failure.seconds, failure.why);
    }
    if (failure.kind === 'threadless' && row.kind === 'post' && row.threadTs !== null) {
      log.warn(about, 'the thread is gone; posting to the channel');
      return box.leaveThread(database, row);
    }
    log.error(about, 'Slack refused a message for good');
    await box.markFailed(database, row, failure.why);
  }
}

async function say(
  deps: SlackDeps,
  client: webApi.WebClient,
  channel: string,
  row: box.OutboxRow,
): Promise<void> {
  const { database } = deps.calls;
  const payload = row.payload as Payload;
  if (payload.type === 'status') {
    await sendStatus(deps, client, channel, row, payload.memberId);
    return box.markSent(database, row, null);
  }
  if (row.kind === 'update') {
    await update(deps, client, channel, row, payload);
    return box.markSent(database, row, null);
  }
  const posted = row.attempts > 0 ? await findPosted(client, channel, row) : null;
  await box.markSent(database, row, posted ?? (await post(deps, client, channel, row, payload)));
}

async function post(
  deps: SlackDeps,
  client: webApi.WebClient,
  channel: string,
  row: box.OutboxRow,
  payload: Payload,
): Promise<string | null> {
  const message = await renderPayload(deps, row.workspaceId, payload);
  if (message === null) return null;
  const { ts } = await client.chat.postMessage({
    channel,
    ...(row.threadTs === null ? {} : { thread_ts: row.threadTs }),
    ...message,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: METADATA_TYPE, event_payload: { key: row.key } },
  });
  return ts ?? null;
}

async function update(
  deps: SlackDeps,
  client: webApi.WebClient,
  channel: string,
  row: box.OutboxRow,
  payload: Payload,
): Promise<void> {
  const target = await box.findByKey(deps.calls.database, row.workspaceId, row.targetKey ?? '');
  if (target === null || target.ts === null) return;
  const message = await renderPayload(deps, row.workspaceId, payload);
  if (message === null) return;
  // Both text and blocks: without blocks Slack keeps the old ones, buttons and all.
  await client.chat.update({ channel, ts: target.ts, ...message, parse: 'none', link_names: false });
}
