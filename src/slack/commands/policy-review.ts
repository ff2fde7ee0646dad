import { DeskError } from '../../errors.ts';
import { reviewOperatorChange } from '../../policy/changes/review.ts';
import { postCard } from '../deliver/post-card.ts';
import type { SlackDeps } from '../deps.ts';
import { checkEditor } from '../policy/editor.ts';
import { say, type CommandInput, type CommandReply } from './command.ts';

/** `review N`: an admin takes up what an operator proposed. */
export async function reviewPolicy(deps: SlackDeps, { actor, words }: CommandInput): Promise<CommandReply> {
  const [, number = ''] = words;
  if (!/^\d{1,6}$/.test(number)) return say('Write it as /agentdesk policy review NUMBER.');
  const editor = await checkEditor(deps, actor, 'organisation');
  if (editor instanceof DeskError) return say(editor.message);
  const { jobs, database, approvals, approvalSeconds } = deps.calls;
  const request: Parameters<typeof reviewOperatorChange>[1] = {
    approvals,
    approvalSeconds,
    postCard: (tx, approval) => postCard(tx, jobs, approval),
  };
  const outcome = await database.transaction((tx) =>
    reviewOperatorChange(tx, request, actor.workspaceId, Number(number), actor.memberId),
  );
  switch (outcome) {
    case 'asked':
      return say('I sent you the card in our direct message. Nothing changes before you approve it there.');
    case 'taken':
      return say(`Another admin took version ${number} up already.`);
    case 'unknown':
      return say(`Version ${number} is nothing an operator proposed that still waits.`);
  }
}
