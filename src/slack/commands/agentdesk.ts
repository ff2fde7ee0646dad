import { DeskError } from '../../errors.ts';
import { refuseAccess } from '../access.ts';
import { tellError } from '../decide-as.ts';
import type { CommandArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { readSlackText } from '../events/slack-text.ts';
import { workspaceOf } from '../identity.ts';
import { readSlackCode } from '../slack-errors.ts';
import { say, type CommandReply } from './command.ts';
import { findNearest } from './nearest.ts';
import { commands } from './table.ts';

/** `/agentdesk …`; answered to the one who typed it only. */
export async function handleAgentdesk(deps: SlackDeps, args: CommandArgs): Promise<void> {
  const { ack, command, context, respond } = args;
  await ack();
  const actor = { workspaceId: workspaceOf(context), memberId: command.user_id, teamId: null };
  const reply = await answerCommand(deps, actor, readSlackText(command.text), command.channel_id);
  try {
    await respond({ response_type: 'ephemeral', ...reply });
  } catch (error) {
    if (reply.blocks === undefined) throw error;
    // A kind of block this workspace does not take yet: the text says the same.
    deps.calls.log.warn(
      { code: readSlackCode(error), err: error },
      'a reply was refused and is sent as text',
    );
    await respond({ response_type: 'ephemeral', text: reply.text });
  }
}

/** @param text what was typed after the slash command */
export async function answerCommand(
  deps: SlackDeps,
  actor: Actor,
  text: string,
  channel: string,
): Promise<CommandReply> {
  const [word = 'help', ...words] = text.split(/\s+/).filter((part) => part !== '');
  const command = Object.hasOwn(commands, word.toLowerCase()) ? commands[word.toLowerCase()] : undefined;
  if (command === undefined) return say(describeUnknown(word));
  try {
    const refused = await deps.directory.checkMember(actor);
    if (refused !== null) {
      await refuseAccess(deps, actor, `/agentdesk ${word}`, refused);
      return say(refused.message);
    }
    const rest = text.slice(text.indexOf(word) + word.length).trim();
    return await command.run(deps, { actor, words, rest, channel });
  } catch (error) {
    const what = error instanceof DeskError ? error.code : 'a command failed';
    return say(tellError(deps, error, what));
  }
}

function describeUnknown(word: string): string {
  const near = findNearest(word, Object.keys(commands));
  const guess = near === null ? '' : ` Did you mean /agentdesk ${near}?`;
  return `I do not know “${word.slice(0, 40)}”.${guess} See /agentdesk help.`;
}
