import type { types } from '@slack/bolt';
import type { DraftArgument } from '../../calls/grants/draft.ts';
import { cut, note, oneLine, plain, plainSection } from './text.ts';

/** Slack's limit of blocks is 100; a call has never nearly as many arguments. */
const MOST_ARGUMENTS = 30;
const HOURS = [1, 4, 8, 24];
const USUAL = { uses: 5, hours: 8 };

/** A grant as a form: what stays as it was, what may vary, how often and how long. */
export function buildGrantForm(
  approvalId: string,
  title: string,
  list: readonly DraftArgument[],
  place: string,
): types.ModalView {
  const shown = list.slice(0, MOST_ARGUMENTS);
  const fixed = shown.filter(({ mayVary, value }) => !mayVary && value !== '');
  return {
    type: 'modal',
    callback_id: 'grant',
    title: plain('Allow this again', 24),
    submit: plain('Ask me', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({ approvalId, place: cut(place, 100) }),
    blocks: [
      plainSection(`${oneLine(title, 200)}: done again without asking, as long as this stays as it was.`),
      ...(fixed.length === 0
        ? []
        : [
            plainSection(
              fixed.map(({ label, value }) => `${oneLine(label, 100)}: ${oneLine(value, 300)}`).join('\n'),
            ),
          ]),
      ...shown.filter(({ mayVary }) => mayVary).flatMap(buildArgument),
      {
        type: 'input',
        block_id: 'uses',
        label: plain('How often at most', 150),
        element: {
          type: 'number_input',
          action_id: 'value',
          is_decimal_allowed: false,
          min_value: '1',
          max_value: '50',
          initial_value: String(USUAL.uses),
        },
      },
      {
        type: 'input',
        block_id: 'hours',
        label: plain('For how long', 150),
        element: {
          type: 'static_select',
          action_id: 'value',
          options: HOURS.map(hoursOption),
          initial_option: hoursOption(USUAL.hours),
        },
      },
      note('You are asked to approve it first. What comes from something that was read is always asked.'),
    ],
  };
}

function buildArgument({ name, label, value, isText }: DraftArgument): types.InputBlock[] {
  const was = option(value === '' ? 'left out, as before' : `as before: ${oneLine(value, 50)}`, 'fixed');
  const options = [
    was,
    ...(isText ? [option('one of the texts below', 'one_of')] : []),
    option('anything', 'free'),
  ];
  return [
    {
      type: 'input',
      block_id: `vary.${name}`,
      label: plain(label, 150),
      element: { type: 'static_select', action_id: 'value', options, initial_option: was },
    },
    ...(isText
      ? [
          {
            type: 'input' as const,
            block_id: `list.${name}`,
            optional: true,
            label: plain(`${label}: texts it may be`, 150),
            hint: plain('One a line.', 100),
            element: {
              type: 'plain_text_input' as const,
              action_id: 'value',
              multiline: true,
              max_length: 3000,
            },
          },
        ]
      : []),
  ];
}

function hoursOption(hours: number): types.PlainTextOption {
  return option(hours === 1 ? '1 hour' : `${hours} hours`, String(hours));
}

function option(label: string, value: string): types.PlainTextOption {
  return { text: plain(label, 75), value };
}
