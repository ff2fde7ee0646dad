import type { Presentation } from '../../approvals/presentation.ts';
import { describeForm } from '../../calls/edit-form.ts';
import { findCallOf } from '../../calls/query.ts';
import { buildEditModal, isEditable } from '../blocks/edit-modal.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readActor } from '../identity.ts';
import { answer } from './answer.ts';
import { findOpen } from './find-mine.ts';
import { openView } from './open-view.ts';
import { valueOf } from './value.ts';

/** Opens the form with a call's arguments, for the one whose decision it is, while it is open. */
export async function handleEdit(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { body, context } = args;
  const actor = readActor(context, body.user);
  const found = await findOpen(deps, actor, valueOf(args));
  if (!found.ok) return answer(deps, args, actor, found.sentence);
  const { approval } = found;
  const call = await findCallOf(deps.calls, approval);
  if (call?.status !== 'pending') return answer(deps, args, actor, 'It is not open any more.');
  const fields = describeForm(call);
  if (!isEditable(fields)) {
    return answer(
      deps,
      args,
      actor,
      'It is too long to be edited in Slack. Deny it and say what you want instead.',
    );
  }
  const { title } = approval.presentation as Presentation;
  await openView(deps, args, actor, buildEditModal(approval, title, fields, body.channel?.id ?? ''));
}
