import type { Presentation } from '../../approvals/presentation.ts';
import { findByCode, listPending } from '../../approvals/query.ts';
import { readCode } from '../../approvals/code.ts';
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

/** Codes one command may name. Each is looked at for itself; there is no "all". */
const BATCH = 10;

export const approve: Command = {
  usage: 'approve CODE [CODE …]',
  about: 'approve what the cards with those codes show',
  async run(deps, input) {
    const codes = [...new Set(input.words)];
    if (codes.length <= 1) return decideByCode(deps, input, 'approve');
    if (codes.length > BATCH) return say(`Name at most ${BATCH} codes at a time.`);
    const lines: string[] = [];
    for (const code of codes) {
      const { text } = await decideByCode(deps, { ...input, words: [code], rest: code }, 'approve', 'batch');
      lines.push(`• ${text}`);
    }
    return { text: lines.join('\n') };
  },
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
  surface: 'command' | 'batch' = 'command',
): Promise<CommandReply> {
  const [typed] = words;
  if (typed === undefined) return say(`Give the code that stands on the card: /agentdesk ${decision} CODE.`);
  const approval = await findByCode(deps.calls.database, actor.workspaceId, readCode(typed));
  const reason = rest.slice(typed.length).trim().replaceAll('\u0000', '').slice(0, 500).toWellFormed();
  const decided = await decideAs(deps, actor, {
    // A code that is nobody's goes the same way, so that the attempt is recorded.
    approvalId: approval?.id ?? '',
    decision,
    reason: decision === 'deny' && reason !== '' ? reason : null,
    from: { surface, channel, ts: '' },
  });
  if (!decided.ok) return say(decided.sentence);
  return say(
    decision === 'approve'
      ? `${decided.approval.code} is approved. I do it now; its card says what came of it.`
      : `${decided.approval.code} is denied. Nothing is done.`,
  );
}
