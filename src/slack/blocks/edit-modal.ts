import type { types } from '@slack/bolt';
import type { FormField } from '../../calls/edit-form.ts';
import { cut, note, plain } from './text.ts';

/** Slack's limit for an input's text. */
const MAX_VALUE = 3000;

/** Whether every present value fits an input; a cut one would change what the person never saw. */
export function isEditable(fields: readonly FormField[]): boolean {
  return fields.length > 0 && fields.length <= 90 && fields.every((field) => field.value.length <= MAX_VALUE);
}

/** A form with the call's arguments; the action itself cannot be changed. */
export function buildEditModal(
  approval: { id: string; code: string },
  title: string,
  fields: readonly FormField[],
  place: string,
): types.ModalView {
  return {
    type: 'modal',
    callback_id: 'edit_call',
    title: plain('Edit', 24),
    submit: plain('Ask again', 24),
    close: plain('Back', 24),
    private_metadata: JSON.stringify({ approvalId: approval.id, place: cut(place, 100) }),
    blocks: [
      note(
        `${cut(title, 200)} · ${approval.code}. The edited version gets a new code and a card of its own.`,
      ),
      ...fields.map((field): types.InputBlock => ({
        type: 'input',
        block_id: field.name,
        optional: field.optional,
        label: plain(field.label, 150),
        ...(field.kind === 'list' ? { hint: plain('One a line.', 100) } : {}),
        element: buildElement(field),
      })),
    ],
  };
}

function buildElement(field: FormField): types.InputBlock['element'] {
  if (field.kind === 'choice') {
    const options = field.choices.map((choice) => ({ text: plain(choice, 75), value: cut(choice, 75) }));
    const initial = options.find((option) => option.value === field.value);
    return {
      type: 'static_select',
      action_id: 'value',
      options,
      ...(initial === undefined ? {} : { initial_option: initial }),
    };
  }
  return {
    type: 'plain_text_input',
    action_id: 'value',
    multiline: field.kind === 'text' || field.kind === 'list',
    max_length: MAX_VALUE,
    ...(field.value === '' ? {} : { initial_value: field.value }),
  };
}
