import { buildDenyModal } from '../blocks/modals.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readActor } from '../identity.ts';
import { answer } from './answer.ts';
import { findOpen } from './find-mine.ts';
import { openView } from './open-view.ts';
import { valueOf } from './value.ts';

/** Opens the form that asks for a reason; for the one whose decision it is. */
export async function handleDenyWithReason(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { body, context } = args;
  const actor = readActor(context, body.user);
  const found = await findOpen(deps, actor, valueOf(args));
  if (!found.ok) return answer(deps, args, actor, found.sentence);
  const place = body.channel?.id ?? '';
  await openView(deps, args, actor, buildDenyModal(found.approval.id, found.approval.code, place));
}
