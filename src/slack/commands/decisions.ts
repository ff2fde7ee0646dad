import type { Presentation } from '../../approvals/presentation.ts';
import { findByCode, listPending } from '../../approvals/query.ts';
import { readCode } from '../../calls/digest.ts';
import { DeskError } from '../../errors.ts';
import { oneLine } from '../blocks/text.ts';
import { writeUtc } from '../blocks/when.ts';
import { decideAs } from '../decide-as.ts';
import type { SlackDeps } from '../deps.ts';
import { say, type Command, type CommandInput, type CommandReply } from './command.ts';

const SHOWN = 20;

export const pending: Command = {
  usage: 'pending',
  about: 'list what waits for your decision',
  async run(deps, { actor }) {
    const open = await listPending(deps.calls.database, actor.workspaceId, actor.memberId, SHOWN + 1);
    if (open.length === 0) return say('Nothing waits for your decision.');
    const lines = open.slice(0, SHOWN).map((approval) => {
      const { title, line } = approval.presentation as Presentation;
      const what = `${oneLine(title, 80)} – ${oneLine(line, 120)}`;
      return `• ${approval.code}: ${what}, open until ${writeUtc(approval.expiresAt)}`;
    });
    const more = open.length > SHOWN ? ['There are more; App Home has them.'] : [];
    return say(...lines, ...more, 'Decide on the card, or with approve CODE, deny CODE reason.');
  },
};

export const approve: Command = {
  usage: 'approve CODE',
  about: 'approve what the card with that code shows',
  run: (deps, input) => decideByCode(deps, input, 'approve'),
};

export const deny: Command = {
  usage: 'deny CODE [reason]',
  about: 'deny it; the agent reads the reason',
  run: (deps, input) => decideByCode(deps, input, 'deny'),
};

/** The same gates and the same core as a click. A code is a name, never an authority. */
async function decideByCode(
  deps: SlackDeps,
  { actor, words, rest, channel }: CommandInput,
  decision: 'approve' | 'deny',
): Promise<CommandReply> {
  const [typed] = words;
  if (typed === undefined) return say(`Give the code that stands on the card: /agentdesk ${decision} CODE.`);
  const approval = await findByCode(deps.calls.database, actor.workspaceId, readCode(typed));
  if (approval === null) return say(new DeskError('approval_unknown').message);
  const reason = rest.slice(typed.length).trim().replaceAll('\u0000', '').slice(0, 500).toWellFormed();
  const decided = await decideAs(deps, actor, {
    approvalId: approval.id,
    decision,
    reason: decision === 'deny' && reason !== '' ? reason : null,
    from: { surface: 'command', channel, ts: '' },
  });
  if (!decided.ok) return say(decided.sentence);
  return say(
    decision === 'approve'
      ? `${approval.code} is approved. I do it now; its card says what came of it.`
      : `${approval.code} is denied. Nothing is done.`,
  );
}
