import { h } from '../dom.js';
import { buildButton, buildFeedback, buildIconButton } from './buttons.js';
import { buildCheckboxes, buildRadios } from './choices.js';
import { buildExternalSelect } from './external-select.js';
import { buildMultiSelect } from './multi-select.js';
import { buildOverflow } from './overflow.js';
import { buildDate, buildDateTime, buildTime } from './pickers.js';
import { buildSelect } from './select.js';
import { buildRichTextInput, buildTextInput } from './text-inputs.js';

const BUILDERS = {
  button: buildButton,
  icon_button: buildIconButton,
  feedback_buttons: buildFeedback,
  overflow: buildOverflow,
  static_select: buildSelect,
  external_select: buildExternalSelect,
  users_select: buildSelect,
  conversations_select: buildSelect,
  channels_select: buildSelect,
  multi_static_select: buildMultiSelect,
  multi_users_select: buildMultiSelect,
  multi_conversations_select: buildMultiSelect,
  multi_channels_select: buildMultiSelect,
  radio_buttons: buildRadios,
  checkboxes: buildCheckboxes,
  datepicker: buildDate,
  timepicker: buildTime,
  datetimepicker: buildDateTime,
  plain_text_input: buildTextInput,
  email_text_input: buildTextInput,
  url_text_input: buildTextInput,
  number_input: buildTextInput,
  rich_text_input: buildRichTextInput,
};

/**
 * A Block Kit element as a control.
 * @param {object} element
 * @param {object} surface from `createSurface`
 * @param {object} place `blockId`; `isLive`: every change is sent at once; `labelledBy`, `describedBy`: ids
 */
export function buildElement(element, surface, place) {
  const build = BUILDERS[element.type];
  if (build === undefined)
    return h('span', { class: 'unknown' }, `(${element.type} is not shown in the sandbox)`);
  return build(element, surface, place);
}
