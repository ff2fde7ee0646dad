import type { Presentation } from '../../approvals/presentation.ts';
import { draftGrant } from '../../calls/grants/draft.ts';
import { revokeGrant } from '../../policy/grants/end.ts';
import { buildGrantForm } from '../blocks/grant-form.ts';
import { tellError } from '../decide-as.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readActor } from '../identity.ts';
import { answer } from './answer.ts';
import { findMine } from './find-mine.ts';
import { openView } from './open-view.ts';
import { valueOf } from './value.ts';

/** "Allow this again…": opens the form of a grant made from a call's card, or says why there can be none. */
export async function handleGrant(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { body, context } = args;
  const actor = readActor(context, body.user);
  const found = await findMine(deps, actor, valueOf(args));
  if (!found.ok) return answer(deps, args, actor, found.sentence);
  try {
    const { approval, list } = await draftGrant(deps.calls, actor, found.approval.id);
    const { title } = approval.presentation as Presentation;
    await openView(deps, args, actor, buildGrantForm(approval.id, title, list, body.channel?.id ?? ''));
  } catch (error) {
    await answer(deps, args, actor, tellError(deps, error, 'a grant was not drafted'));
  }
}

/** Ends a grant of the member's own; the button is in Home. */
export async function handleGrantRevoke(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  await answer(deps, args, actor, await revoke(deps, actor, { id: valueOf(args) }));
}

/** @returns what came of it, as a sentence */
export async function revoke(
  deps: SlackDeps,
  who: Parameters<typeof revokeGrant>[1],
  which: Parameters<typeof revokeGrant>[2],
): Promise<string> {
  try {
    const { uses } = await revokeGrant(deps.calls.database, who, which);
    return `It is revoked; it was used ${uses === 1 ? 'once' : `${uses} times`}. I ask you again from now on.`;
  } catch (error) {
    return tellError(deps, error, 'a grant was not revoked');
  }
}
