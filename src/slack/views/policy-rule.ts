import { DeskError } from '../../errors.ts';
import { buildNotice } from '../blocks/modals.ts';
import { buildConfirm } from '../blocks/policy-confirm.ts';
import { tellError } from '../decide-as.ts';
import type { SlackDeps, ViewArgs } from '../deps.ts';
import { readActor } from '../identity.ts';
import { checkEditor } from '../policy/editor.ts';
import { previewChange } from '../policy/preview.ts';
import { findInput, readRuleForm, readRuleScope } from '../policy/rule-form.ts';

const TITLE = 'Add a rule';
/** Slack keeps 3000 characters with a form; a rule has to fit beside the rest. */
const MOST_KEPT = 2_800;

/** The form of a rule was sent: what is wrong is said beside its input, else it is asked whether it is meant. */
export async function handlePolicyRule(deps: SlackDeps, args: ViewArgs): Promise<void> {
  const { ack, body, context, view } = args;
  const actor = readActor(context, body.user);
  const scope = readRuleScope(view.private_metadata);
  const refuse = (input: string, sentence: string): Promise<void> =>
    ack({ response_action: 'errors', errors: { [input]: sentence } });
  const form = readRuleForm(view.state.values);
  if (form === null) return refuse('actions', 'Choose at least one action, and what is done.');
  const hours = form.rule.conditions.find((condition) => condition.kind === 'hours');
  if (hours?.from === hours?.to && hours !== undefined)
    return refuse('to', 'Choose another hour than the one it begins at.');
  if (JSON.stringify(form.rule).length > MOST_KEPT)
    return refuse('actions', 'This is too much for one rule. Make two of it.');
  try {
    const editor = await checkEditor(deps, actor, scope);
    if (editor instanceof DeskError) {
      await ack({ response_action: 'update', view: buildNotice(TITLE, editor.message) });
      return;
    }
    const found = await previewChange(deps, actor, scope, { kind: 'add', rule: form.rule });
    await ack({ response_action: 'update', view: buildConfirm(found) });
  } catch (error) {
    const sentence = tellError(deps, error, 'a rule was not prepared');
    await refuse(findInput(form, sentence), sentence);
  }
}
