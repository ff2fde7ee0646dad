import { plainText, url, userId } from './composition.ts';
import { confirmable, element, EVERYWHERE, type ElementKind } from './element-parts.ts';
import { choice, list, shape, text, type Rule } from './rules.ts';

const look = { style: choice('primary', 'danger'), accessibility_label: text(75) };

export const button: Rule = element(
  { text: plainText(75) },
  { value: text(2000, 0), url, ...look, ...confirmable },
);

const feedback: Rule = shape({ text: plainText(75), value: text(2000) }, { accessibility_label: text(75) });

export const feedbackButtons: Rule = element({ positive_button: feedback, negative_button: feedback }, {});

export const iconButton: Rule = element(
  { icon: text(100), text: plainText(75) },
  {
    value: text(2000, 0),
    accessibility_label: text(75),
    visible_to_user_ids: list(userId, 100),
    ...confirmable,
  },
);

const trigger: Rule = shape(
  { url },
  { customizable_input_parameters: list(shape({ name: text(255), value: text(3000, 0) }), 100) },
);

export const buttonKinds: Readonly<Record<string, ElementKind>> = {
  button: { places: ['actions', 'accessory'], surfaces: EVERYWHERE, rule: button },
  workflow_button: {
    places: ['actions', 'accessory'],
    surfaces: ['message'],
    rule: element({ text: plainText(75), workflow: shape({ trigger }) }, { ...look, ...confirmable }),
  },
};
