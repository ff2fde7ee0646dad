import type { types } from '@slack/bolt';
import { LONGEST } from '../../policy/language/understand.ts';
import type { Scope } from '../policy/change.ts';
import { alert } from './policy-confirm.ts';
import { cut, note, plain } from './text.ts';

/**
 * Asks for a rule in words.
 * @param text what was typed before
 * @param trouble why that made no rule
 */
export function buildSayForm(scope: Scope, text = '', trouble: string | null = null): types.ModalView {
  return {
    type: 'modal',
    callback_id: 'policy_say',
    title: plain('Say it in words', 24),
    submit: plain('Next', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({ scope, id: null }),
    blocks: [
      ...(trouble === null ? [] : [alert('info', trouble)]),
      {
        type: 'input',
        block_id: 'sentence',
        label: plain(scope === 'mine' ? 'What should I do for you?' : 'What should I do for everyone?', 150),
        hint: plain('You see the rule it makes before anything is saved.', 150),
        element: {
          type: 'plain_text_input',
          action_id: 'text',
          multiline: true,
          max_length: LONGEST,
          ...(text === '' ? {} : { initial_value: cut(text, LONGEST) }),
        },
      },
      note(
        [
          'Such as:',
          '• Always ask before mailing anyone outside acme.com',
          '• Never write to acme/website on Fridays after 3pm',
          '• Ask me on my phone before inviting more than 10 people',
        ].join('\n'),
      ),
    ],
  };
}
