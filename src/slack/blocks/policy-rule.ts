import type { types } from '@slack/bolt';
import type { CatalogEntry } from '../../policy/types.ts';
import type { Scope } from '../policy/change.ts';
import { WEEKDAYS } from '../policy/rule-form.ts';
import { nameOutcome } from './policy-words.ts';
import { cut, oneLine, plain, plainSection } from './text.ts';

/** Every input's action: choosing something draws the sentence anew. */
const ACTION = 'policy_rule_part';
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MOST_OPTIONS = 100;

/**
 * A rule as a form. All its conditions must hold; what is left empty does not matter.
 * @param sentence what the rule means so far
 */
export function buildRuleForm(
  scope: Scope,
  catalog: readonly CatalogEntry[],
  sentence: string,
): types.ModalView {
  const actions = catalog.slice(0, MOST_OPTIONS).map(({ id }) => option(id, id));
  const outcomes = (['approve', 'approve_strong', 'deny'] as const).map((one) =>
    option(nameOutcome(one, scope), one),
  );
  return {
    type: 'modal',
    callback_id: 'policy_rule',
    title: plain('Add a rule', 24),
    submit: plain('Next', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({ scope }),
    blocks: [
      plainSection(`${scope === 'mine' ? 'For you alone' : 'For everyone'}: ${oneLine(sentence, 1_000)}`),
      input('actions', 'Actions', many(actions), false),
      input('outcome', 'What is done', one(outcomes), false),
      input(
        'recipients',
        'Only when a recipient is',
        one([
          option('outside the organisation', 'external'),
          option('written to for the first time', 'first_time'),
        ]),
      ),
      input('recipient_count', 'Only with more recipients than', number(2_000)),
      input('guest_count', 'Only with more guests than', number(2_000)),
      input('weekdays', 'Only on', many(WEEKDAYS.map((day, index) => option(DAYS[index] ?? day, day)))),
      input('from', 'Only from this hour on (0 to 23)', number(23)),
      input('to', 'Only until this hour (1 to 24)', number(24)),
      input('repository', 'Only in these repositories (owner/name or owner/*, with commas)', {
        type: 'plain_text_input',
        action_id: ACTION,
        max_length: 500,
        dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
      }),
      input(
        'visibility',
        'Only in repositories that are',
        one([option('public', 'public'), option('private', 'private'), option('internal', 'internal')]),
      ),
      input(
        'surface',
        'Only when asked in',
        one([option('a direct message', 'dm'), option('a channel', 'channel')]),
      ),
    ],
  };
}

function input(
  id: string,
  label: string,
  element: types.InputBlock['element'],
  optional = true,
): types.InputBlock {
  return { type: 'input', block_id: id, optional, dispatch_action: true, label: plain(label, 150), element };
}

function option(label: string, value: string): types.PlainTextOption {
  return { text: plain(label, 75), value: cut(value, 75) };
}

function one(options: types.PlainTextOption[]): types.StaticSelect {
  return { type: 'static_select', action_id: ACTION, options };
}

function many(options: types.PlainTextOption[]): types.MultiStaticSelect {
  return { type: 'multi_static_select', action_id: ACTION, options };
}

function number(most: number): types.NumberInput {
  return {
    type: 'number_input',
    action_id: ACTION,
    is_decimal_allowed: false,
    min_value: '0',
    max_value: String(most),
  };
}
