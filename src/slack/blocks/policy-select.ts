import type { types } from '@slack/bolt';
import { isStricter } from '../../policy/compare.ts';
import type { RuleOutcome } from '../../policy/rules/types.ts';
import type { LayerView } from '../home/describe-layer.ts';
import { nameOutcome, OUTCOMES } from './policy-words.ts';
import { plain } from './text.ts';

/** The value of the option that leaves an action to the layers above. */
const DEFAULT = 'default';

/** The choice of what is done with an action, or null when the layers above leave none. */
export function buildSelect(
  action: string,
  { scope, settings, drawn }: LayerView,
): { blockId: string; select: types.StaticSelect } | null {
  const setting = settings.get(action);
  if (setting === undefined) return null;
  const { floor, own } = setting;
  const stricter = OUTCOMES.filter((outcome) => isStricter(outcome, floor));
  if (stricter.length === 0) return null;
  const inherit: types.PlainTextOption = {
    text: plain(nameOutcome(floor, scope), 75),
    value: DEFAULT,
    description: plain(scope === 'mine' ? 'Not set by you' : 'Not set, as built in', 75),
  };
  const options = [
    inherit,
    ...stricter.map((outcome) => ({ text: plain(nameOutcome(outcome, scope), 75), value: outcome })),
  ];
  return {
    blockId: `set_${drawn}_${action}`.slice(0, 255),
    select: {
      type: 'static_select',
      action_id: 'policy_set',
      placeholder: plain('Choose', 150),
      options,
      initial_option: options.find(({ value }) => value === own) ?? inherit,
    },
  };
}

/** @returns null for anything that is no choice of ours */
export function readSelect(
  blockId: string,
  value: string,
): { action: string; outcome: RuleOutcome | null } | null {
  const action = /^set_[0-9a-z]+_(.+)$/.exec(blockId)?.[1];
  if (action === undefined) return null;
  if (value === DEFAULT) return { action, outcome: null };
  return value === 'approve' || value === 'approve_strong' || value === 'deny'
    ? { action, outcome: value }
    : null;
}
