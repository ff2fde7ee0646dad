import { DeskError } from '../../errors.ts';
import { buildNotice } from '../blocks/modals.ts';
import { tellError } from '../decide-as.ts';
import type { SlackDeps, ViewArgs } from '../deps.ts';
import { readActor } from '../identity.ts';
import type { Wish } from '../policy/change.ts';
import { checkEditor } from '../policy/editor.ts';
import { previewChange } from '../policy/preview.ts';
import { findInput, readRuleAbout, readRuleForm } from '../policy/rule-form.ts';
import { readState } from '../policy/rule-state.ts';
import { showPreview } from '../policy/show-preview.ts';

/** Slack keeps 3000 characters with a form; a rule has to fit beside the rest. */
const MOST_KEPT = 2_800;

/** The form of a rule was sent: what is wrong is said beside its input, else it is asked whether it is meant. */
export async function handlePolicyRule(deps: SlackDeps, args: ViewArgs): Promise<void> {
  const { ack, body, client, context, view } = args;
  const actor = readActor(context, body.user);
  const { scope, id } = readRuleAbout(view.private_metadata);
  const refuse = (input: string, sentence: string): Promise<void> =>
    ack({ response_action: 'errors', errors: { [input]: sentence } });
  const form = readRuleForm(readState(view.state.values), id);
  if (form === null) return refuse('actions', 'Choose at least one action, and what is done.');
  const { rule } = form;
  const hours = rule.conditions.find((condition) => condition.kind === 'hours');
  if (hours?.from === hours?.to && hours !== undefined)
    return refuse('to', 'Choose another hour than the one it begins at.');
  if (JSON.stringify(rule).length > MOST_KEPT)
    return refuse('actions', 'This is too much for one rule. Make two of it.');
  const wish: Wish = id === null ? { kind: 'add', rule, isSaid: false } : { kind: 'edit', id, rule };
  try {
    const editor = await checkEditor(deps, actor, scope);
    if (editor instanceof DeskError) {
      await ack({ response_action: 'update', view: buildNotice(view.title.text, editor.message) });
      return;
    }
    const found = await previewChange(deps, actor, scope, wish);
    await showPreview(deps, client, actor, found, async (next) => {
      await ack({ response_action: 'update', view: next });
      return { id: view.id };
    });
  } catch (error) {
    const sentence = tellError(deps, error, 'a rule was not prepared');
    await refuse(findInput(form, sentence), sentence);
  }
}
