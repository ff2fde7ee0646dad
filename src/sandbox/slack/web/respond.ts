import { createArgs, type Args } from '../args.ts';
import { LONGEST_TEXT, readContent } from '../message-content.ts';
import { Refusal } from '../refusal.ts';
import type { ResponseTarget } from '../response-urls.ts';
import { APP } from '../seed.ts';
import type { Json } from '../world.ts';
import type { Workspace } from '../workspace.ts';

/**
 * Carries out what an app sent to a response_url, or as the acknowledgement of a slash command: an ephemeral
 * message unless it says `in_channel`, or a change of the message acted on.
 * @throws Refusal for content Slack would refuse
 */
export function respond(workspace: Workspace, target: ResponseTarget, payload: Json): void {
  const args = createArgs(payload);
  const { messages } = workspace;
  const { channel, messageTs } = target;
  const original =
    messageTs === null
      ? undefined
      : (messages.find(channel, messageTs) ?? messages.findEphemeral(channel, messageTs));
  if (args.flag('delete_original')) {
    if (original === undefined) throw new Refusal('message_not_found');
    return messages.remove(channel, original.ts);
  }
  const content = readContent(args, LONGEST_TEXT.post);
  if (args.flag('replace_original')) {
    if (original === undefined) throw new Refusal('message_not_found');
    messages.change(channel, original.ts, content);
    return;
  }
  const thread = readThread(args, target);
  const hidden = args.text('response_type') === 'in_channel' ? {} : { ephemeralFor: target.userId };
  messages.add(channel, { user: APP.botUser, bot_id: APP.botId, text: '', ...content, ...thread, ...hidden });
}

function readThread(args: Args, target: ResponseTarget): { thread_ts?: string } {
  const ts = args.text('thread_ts') ?? target.threadTs ?? undefined;
  return ts === undefined ? {} : { thread_ts: ts };
}

/** Handles a POST to a response_url. @returns status and body of the answer */
export function handleRespond(
  workspace: Workspace,
  path: string,
  payload: Json | null,
): { status: number; body: string } {
  try {
    const target = workspace.responseUrls.use(path);
    if (payload === null) throw new Refusal('invalid_payload');
    respond(workspace, target, payload);
    return { status: 200, body: 'ok' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    workspace.violations.record('response_url', error.error, JSON.stringify(error.extra));
    const gone = error.error === 'used_url' || error.error === 'expired_url';
    return {
      status: gone ? 404 : 400,
      body: JSON.stringify({ ok: false, error: error.error, ...error.extra }),
    };
  }
}
