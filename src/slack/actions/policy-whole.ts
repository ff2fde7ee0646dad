import type { types } from '@slack/bolt';
import { DeskError } from '../../errors.ts';
import { refuseAccess } from '../access.ts';
import { buildImportForm } from '../blocks/policy-import.ts';
import { buildSayForm } from '../blocks/policy-say.ts';
import { tellError } from '../decide-as.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readActor } from '../identity.ts';
import type { Scope } from '../policy/change.ts';
import { checkEditor } from '../policy/editor.ts';
import { exportPolicy } from '../policy/export.ts';
import { answer } from './answer.ts';
import { openView } from './open-view.ts';
import { readScope } from './policy.ts';
import { valueOf } from './value.ts';

/** Opens the input for a rule in words, for who may add one. */
export function handlePolicySay(deps: SlackDeps, args: ActionArgs): Promise<void> {
  return openFor(deps, args, (scope) => buildSayForm(scope));
}

/** Opens the input for a whole policy, for who may change it. */
export function handlePolicyImport(deps: SlackDeps, args: ActionArgs): Promise<void> {
  return openFor(deps, args, buildImportForm);
}

async function openFor(
  deps: SlackDeps,
  args: ActionArgs,
  build: (scope: Scope) => types.ModalView,
): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  const scope = readScope(valueOf(args));
  const editor = await checkEditor(deps, actor, scope);
  if (editor instanceof DeskError) return answer(deps, args, actor, editor.message);
  await openView(deps, args, actor, build(scope));
}

/** Sends the rules to the direct message, to anyone who may read them: everyone but guests. */
export async function handlePolicyExport(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  try {
    const refused = await deps.directory.checkClicker(actor);
    if (refused !== null) {
      await refuseAccess(deps, actor, 'export policy', refused);
      return await answer(deps, args, actor, refused.message);
    }
    await answer(deps, args, actor, await exportPolicy(deps, args.client, actor, readScope(valueOf(args))));
  } catch (error) {
    await answer(deps, args, actor, tellError(deps, error, 'a policy was not exported'));
  }
}
