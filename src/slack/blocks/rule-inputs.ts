import type { types } from '@slack/bolt';
import type { RuleState } from '../policy/rule-state.ts';
import { cut, plain } from './text.ts';

/** Every input's action: choosing something draws the sentence anew. */
const ACTION = 'policy_rule_part';

export type Choice = readonly [label: string, value: string];

/** Makes the inputs of the form of a rule, each holding what stands in it. */
export function createInputs(state: RuleState) {
  const held = (id: string): readonly string[] => state[id] ?? [];
  const input = (
    id: string,
    label: string,
    element: types.InputBlock['element'],
    more: { optional?: boolean; hint?: string } = {},
  ): types.InputBlock => ({
    type: 'input',
    block_id: id,
    optional: more.optional ?? true,
    dispatch_action: true,
    label: plain(label, 150),
    ...(more.hint === undefined ? {} : { hint: plain(more.hint, 150) }),
    element,
  });
  return {
    one(id: string, label: string, choices: readonly Choice[], optional = true): types.InputBlock {
      const options = choices.map(toOption);
      const initial = options.find(({ value }) => value === held(id)[0]);
      const element: types.StaticSelect = {
        type: 'static_select',
        action_id: ACTION,
        options,
        ...(initial === undefined ? {} : { initial_option: initial }),
      };
      return input(id, label, element, { optional });
    },
    many(id: string, label: string, choices: readonly Choice[], optional = true): types.InputBlock {
      const options = choices.map(toOption);
      const initial = options.filter(({ value }) => held(id).includes(value ?? ''));
      const element: types.MultiStaticSelect = {
        type: 'multi_static_select',
        action_id: ACTION,
        options,
        ...(initial.length === 0 ? {} : { initial_options: initial }),
      };
      return input(id, label, element, { optional });
    },
    text(id: string, label: string, hint: string): types.InputBlock {
      const [initial] = held(id);
      const element: types.PlainTextInput = {
        type: 'plain_text_input',
        action_id: ACTION,
        max_length: 500,
        dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
        ...(initial === undefined ? {} : { initial_value: cut(initial, 500) }),
      };
      return input(id, label, element, { hint });
    },
    number(id: string, label: string, most: number): types.InputBlock {
      const [initial] = held(id);
      const element: types.NumberInput = {
        type: 'number_input',
        action_id: ACTION,
        is_decimal_allowed: false,
        min_value: '0',
        max_value: String(most),
        ...(initial === undefined ? {} : { initial_value: initial }),
      };
      return input(id, label, element);
    },
  };
}

function toOption([label, value]: Choice): types.PlainTextOption {
  return { text: plain(label, 75), value: cut(value, 75) };
}
