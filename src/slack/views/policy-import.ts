import { DeskError } from '../../errors.ts';
import { buildNotice } from '../blocks/modals.ts';
import { tellError } from '../decide-as.ts';
import type { SlackDeps, ViewArgs } from '../deps.ts';
import { readActor } from '../identity.ts';
import { placeOf } from '../policy/change.ts';
import { checkEditor } from '../policy/editor.ts';
import { previewChange } from '../policy/preview.ts';
import { readImport } from '../policy/read-import.ts';
import { readRuleAbout } from '../policy/rule-form.ts';
import { showPreview } from '../policy/show-preview.ts';

/** A policy was pasted: what is wrong with it is said beside it, else it is asked whether it is meant. */
export async function handlePolicyImportForm(deps: SlackDeps, args: ViewArgs): Promise<void> {
  const { ack, body, client, context, view } = args;
  const actor = readActor(context, body.user);
  const { scope } = readRuleAbout(view.private_metadata);
  try {
    const editor = await checkEditor(deps, actor, scope);
    if (editor instanceof DeskError) {
      await ack({ response_action: 'update', view: buildNotice(view.title.text, editor.message) });
      return;
    }
    const text = view.state.values['json']?.['text']?.value ?? '';
    const wish = readImport(text, placeOf(actor, scope).owner);
    const found = await previewChange(deps, actor, scope, wish);
    await showPreview(deps, client, actor, found, async (next) => {
      await ack({ response_action: 'update', view: next });
      return { id: view.id };
    });
  } catch (error) {
    const sentence = tellError(deps, error, 'a policy was not imported');
    await ack({ response_action: 'errors', errors: { json: sentence } });
  }
}
