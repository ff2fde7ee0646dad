import type { types } from '@slack/bolt';
import { DeskError } from '../../errors.ts';
import { buildNotice } from '../blocks/modals.ts';
import { buildConfirm } from '../blocks/policy-confirm.ts';
import { buildSayForm } from '../blocks/policy-say.ts';
import { tellError } from '../decide-as.ts';
import type { SlackDeps, ViewArgs } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { readActor } from '../identity.ts';
import { checkEditor } from '../policy/editor.ts';
import { previewChange } from '../policy/preview.ts';
import { readRuleAbout } from '../policy/rule-form.ts';
import { readSaid } from '../policy/say.ts';
import type { Scope } from '../policy/change.ts';
import { tryChange } from '../policy/trial.ts';
import { answerForm } from './answer-form.ts';

/** A rule was said in words: it is shown back, or what is not clear is asked with the words still there. */
export async function handlePolicySayForm(deps: SlackDeps, args: ViewArgs): Promise<void> {
  const { body, context, view } = args;
  const actor = readActor(context, body.user);
  const { scope } = readRuleAbout(view.private_metadata);
  const text = view.state.values['sentence']?.['text']?.value ?? '';
  await answerForm(args, prepare(deps, actor, scope, text), (next) => next, 'Reading…');
}

async function prepare(deps: SlackDeps, actor: Actor, scope: Scope, text: string): Promise<types.ModalView> {
  try {
    const editor = await checkEditor(deps, actor, scope);
    if (editor instanceof DeskError) return buildNotice('Say it in words', editor.message);
    const said = await readSaid(deps, actor.workspaceId, scope, text);
    if (said.rule === null) return buildSayForm(scope, text, said.tell);
    const found = await previewChange(deps, actor, scope, { kind: 'add', rule: said.rule, isSaid: true });
    return buildConfirm(found, await tryChange(deps, actor, found));
  } catch (error) {
    return buildSayForm(scope, text, tellError(deps, error, 'a sentence made no rule'));
  }
}
