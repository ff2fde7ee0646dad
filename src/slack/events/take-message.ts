import { receiveMessage } from '../../calls/turns.ts';
import { DeskError } from '../../errors.ts';
import type { SlackDeps } from '../deps.ts';
import { tell } from '../deliver/tell.ts';

/** Longer messages are not read; Slack itself takes 40,000 characters. */
const LONGEST = 12_000;

const EMPTY =
  'I can only read text. Tell me what to do with your calendar, mail or GitHub, or see `/agentdesk help`.';

interface TakenMessage {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly channel: string;
  readonly threadTs: string;
  readonly eventId: string;
  readonly text: string;
  readonly surface: 'dm' | 'channel';
}

/** Writes a person's message down, durably, before Slack is told that it arrived; a redelivered one does nothing. */
export async function takeMessage(deps: SlackDeps, message: TakenMessage): Promise<void> {
  const { workspaceId, channel, threadTs, text } = message;
  const refused = checkText(text);
  if (refused !== null) {
    await tell(deps, { workspaceId, channel, threadTs }, `notice:${message.eventId}`, refused);
    return;
  }
  await receiveMessage(deps.calls, message);
}

function checkText(text: string): string | null {
  if (text === '') return EMPTY;
  return text.length > LONGEST
    ? new DeskError('message_too_long', { length: text.length, max: LONGEST }).message
    : null;
}
