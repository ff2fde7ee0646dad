import { decideAs } from '../decide-as.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readActor } from '../identity.ts';
import { ackStored } from './ack-stored.ts';
import { answer, surfaceOf } from './answer.ts';
import { valueOf } from './value.ts';

export const handleApprove = (deps: SlackDeps, args: ActionArgs): Promise<void> =>
  handleClick(deps, args, 'approve');

export const handleDeny = (deps: SlackDeps, args: ActionArgs): Promise<void> =>
  handleClick(deps, args, 'deny');

/** A click on Approve or Deny. The button carries the approval's id and nothing else; all the rest is our rows. */
async function handleClick(deps: SlackDeps, args: ActionArgs, decision: 'approve' | 'deny'): Promise<void> {
  const { body, context } = args;
  const actor = readActor(context, body.user);
  const surface = surfaceOf(body);
  const deciding = decideAs(deps, actor, {
    approvalId: valueOf(args),
    decision,
    reason: null,
    from: { surface, channel: body.channel?.id ?? '', ts: body.message?.ts ?? body.view?.id ?? '' },
  });
  const decided = await ackStored(() => args.ack(), deciding);
  if (!decided.ok) return answer(deps, args, actor, decided.sentence);
  // On a card the card itself says it.
  if (body.view !== undefined) {
    const { code, status } = decided.approval;
    await answer(
      deps,
      args,
      actor,
      `${code} is ${status}. Its card in our conversation says what came of it.`,
    );
  }
}
