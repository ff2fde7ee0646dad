import type { types } from '@slack/bolt';
import { DeskError } from '../../errors.ts';
import { buildNotice } from '../blocks/modals.ts';
import { buildConfirm } from '../blocks/policy-confirm.ts';
import { tellError } from '../decide-as.ts';
import { findDrawnHome } from '../deliver/homes.ts';
import type { SlackDeps, ViewArgs } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { publishHome } from '../home/publish.ts';
import { readHomeState } from '../home/state.ts';
import { readActor } from '../identity.ts';
import { readChange, type PolicyChange } from '../policy/change.ts';
import { checkEditor } from '../policy/editor.ts';
import { previewChange } from '../policy/preview.ts';
import { describeSaved, saveChange } from '../policy/save.ts';
import { tryChange } from '../policy/trial.ts';
import { answerForm } from './answer-form.ts';

const TITLE = 'Change the policy';

type Saved = { readonly sentence: string } | { readonly view: types.ModalView };

/**
 * A change was confirmed. The form is only where the wish was kept: it is read and checked again, and who may make
 * it is asked of Slack now.
 */
export async function handlePolicyConfirm(deps: SlackDeps, args: ViewArgs): Promise<void> {
  const { body, client, context, view } = args;
  const actor = readActor(context, body.user);
  const saved = await answerForm(args, save(deps, actor, readChange(view.private_metadata)), (result) =>
    'view' in result ? result.view : null,
  );
  if ('view' in saved) return;
  const drawn = await findDrawnHome(deps.calls.database, actor);
  if (drawn === null) return;
  await publishHome(deps, client, actor, readHomeState(drawn.metadata), { notice: saved.sentence });
}

async function save(deps: SlackDeps, actor: Actor, change: PolicyChange | null): Promise<Saved> {
  if (change === null)
    return {
      view: buildNotice(TITLE, 'I cannot read this form any more. Make your change again in App Home.'),
    };
  try {
    const author = await checkEditor(deps, actor, change.scope);
    if (author instanceof DeskError) return { view: buildNotice(TITLE, author.message) };
    return { sentence: describeSaved(await saveChange(deps, actor, change, author)) };
  } catch (error) {
    const sentence = tellError(deps, error, 'a change of the policy was not saved');
    return { view: await keepWish(deps, actor, change, error, sentence) };
  }
}

/** When somebody else was faster, the same wish is shown against what is in force now, to be saved or left. */
async function keepWish(
  deps: SlackDeps,
  actor: Actor,
  { scope, wish }: PolicyChange,
  error: unknown,
  sentence: string,
): Promise<types.ModalView> {
  if (!(error instanceof DeskError) || error.code !== 'policy_changed') return buildNotice(TITLE, sentence);
  try {
    const found = await previewChange(deps, actor, scope, wish);
    return buildConfirm(found, await tryChange(deps, actor, found), sentence);
  } catch (again) {
    const more = tellError(deps, again, 'a change of the policy was not prepared');
    return buildNotice(TITLE, `${sentence}\n${more}`);
  }
}
