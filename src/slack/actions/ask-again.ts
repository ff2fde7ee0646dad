import { findCallOf } from '../../calls/query.ts';
import { findTurn, repeatTurn } from '../../calls/turns.ts';
import { cardStateOf } from '../blocks/card-state.ts';
import { mayAskAgain } from '../blocks/card-verdict.ts';
import { cut } from '../blocks/text.ts';
import { tellError } from '../decide-as.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { readActor } from '../identity.ts';
import { answer } from './answer.ts';
import { findMine } from './find-mine.ts';
import { valueOf } from './value.ts';

const QUOTED = 300;

/**
 * "Ask again" on a card whose time ran out: the member's own words are worked on once more, from the start, and
 * everything in them is decided anew. The button carries the approval's id and nothing else.
 */
export async function handleAskAgain(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  await answer(deps, args, actor, await askAgain(deps, actor, valueOf(args)));
}

/** @returns what the person is told */
async function askAgain(deps: SlackDeps, actor: Actor, approvalId: string): Promise<string> {
  const found = await findMine(deps, actor, approvalId);
  if (!found.ok) return found.sentence;
  const { approval } = found;
  try {
    const turn = approval.turnId === null ? null : await findTurn(deps.calls, approval.turnId);
    const state = cardStateOf(approval, await findCallOf(deps.calls, approval));
    if (turn === null || !mayAskAgain(approval.kind, state))
      return 'Its time has not run out, so there is nothing to ask again.';
    if (!(await repeatTurn(deps.calls, turn)))
      return 'That was asked again already. See below in the thread.';
    return `I take it up again, in your own words: “${cut(turn.text, QUOTED)}”`;
  } catch (error) {
    return tellError(deps, error, 'a request was not asked again');
  }
}
