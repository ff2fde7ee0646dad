import type { types } from '@slack/bolt';
import type { Scope } from '../policy/change.ts';
import { plain, sentenceSection } from './text.ts';

/** Slack takes no longer text from an input. */
const MOST = 3_000;

/** Asks for a whole layer as JSON. */
export function buildImportForm(scope: Scope): types.ModalView {
  return {
    type: 'modal',
    callback_id: 'policy_import',
    title: plain('Import a policy', 24),
    submit: plain('Next', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({ scope, id: null }),
    blocks: [
      sentenceSection(
        scope === 'mine'
          ? 'It takes the place of all your own rules. You see what changes before anything is saved.'
          : 'It takes the place of all of the organisation’s rules. You see what changes before anything is saved.',
      ),
      {
        type: 'input',
        block_id: 'json',
        label: plain('The policy as JSON, as Export gives it', 150),
        hint: plain('Up to 3000 characters. For more, an operator uses agentdesk policy apply.', 150),
        element: { type: 'plain_text_input', action_id: 'text', multiline: true, max_length: MOST },
      },
    ],
  };
}
