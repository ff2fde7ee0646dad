import * as kit from './element-parts.ts';
import { richText } from './rich-text.ts';
import { flag, isObject, list, matching, report, text, whole, type Rule } from './rules.ts';

const common = { ...kit.dispatchable, ...kit.focusable, ...kit.placeholdable };
const numeral = matching(/^-?\d+(\.\d+)?$/, 'must be a number written as a string');

function ordered(low: string, high: string): Rule {
  return (value, at, scope) => {
    if (!isObject(value) || value[low] === undefined || value[high] === undefined) return;
    if (Number(value[low]) > Number(value[high])) report(scope, `${low} must not exceed ${high}`, at);
  };
}

/** Fields a person types into. Length limits: docs.slack.dev/reference/block-kit/block-elements. */
export const inputKinds: Readonly<Record<string, kit.ElementKind>> = {
  plain_text_input: {
    places: ['input'],
    surfaces: kit.EVERYWHERE,
    rule: kit.element(
      {},
      {
        initial_value: text(3000, 0),
        multiline: flag,
        min_length: whole(0, 3000),
        max_length: whole(1, 3000),
        ...common,
      },
      ordered('min_length', 'max_length'),
    ),
  },
  rich_text_input: {
    places: ['actions', 'input'],
    surfaces: ['modal', 'home'],
    rule: kit.element(
      {},
      { initial_value: richText, min_lines: whole(1, 100), max_lines: whole(1, 100), ...common },
      ordered('min_lines', 'max_lines'),
    ),
  },
  email_text_input: {
    places: ['input'],
    surfaces: ['modal'],
    rule: kit.element({}, { initial_value: text(3000), ...common }),
  },
  url_text_input: {
    places: ['input'],
    surfaces: ['modal'],
    rule: kit.element({}, { initial_value: text(3000), ...common }),
  },
  number_input: {
    places: ['input'],
    surfaces: ['modal'],
    rule: kit.element(
      { is_decimal_allowed: flag },
      { initial_value: numeral, min_value: numeral, max_value: numeral, ...common },
      ordered('min_value', 'max_value'),
    ),
  },
  file_input: {
    places: ['input'],
    surfaces: ['modal'],
    rule: kit.element({}, { filetypes: list(text(50), 100), max_files: whole(1, 10) }),
  },
};
