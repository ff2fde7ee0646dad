import * as parts from './composition.ts';
import * as kit from './element-parts.ts';
import { list, matching, text, whole } from './rules.ts';

const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be a date YYYY-MM-DD');
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time HH:mm');
const seconds = whole(1_000_000_000, 9_999_999_999);
const anywhere = ['actions', 'accessory', 'input'] as const;
const common = { ...kit.confirmable, ...kit.focusable };

/** Date and time pickers, and the choices shown in full. */
export const pickerKinds: Readonly<Record<string, kit.ElementKind>> = {
  datepicker: {
    places: anywhere,
    surfaces: kit.EVERYWHERE,
    rule: kit.element({}, { initial_date: date, ...common, ...kit.placeholdable }),
  },
  timepicker: {
    places: anywhere,
    surfaces: kit.EVERYWHERE,
    rule: kit.element({}, { initial_time: time, timezone: text(100), ...common, ...kit.placeholdable }),
  },
  datetimepicker: {
    places: ['actions', 'input'],
    surfaces: ['message', 'modal'],
    rule: kit.element({}, { initial_date_time: seconds, ...common }),
  },
  radio_buttons: {
    places: anywhere,
    surfaces: kit.EVERYWHERE,
    rule: kit.element(
      { options: list(parts.markedOption, 10) },
      { initial_option: parts.markedOption, ...common },
      parts.initialAmongOptions,
    ),
  },
  checkboxes: {
    places: anywhere,
    surfaces: kit.EVERYWHERE,
    rule: kit.element(
      { options: list(parts.markedOption, 10) },
      { initial_options: list(parts.markedOption, 10), ...common },
      parts.initialAmongOptions,
    ),
  },
  overflow: {
    places: ['actions', 'accessory'],
    surfaces: kit.EVERYWHERE,
    rule: kit.element({ options: list(parts.overflowOption, 5) }, { ...kit.confirmable }),
  },
};
