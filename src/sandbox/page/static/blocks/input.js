import { h } from '../dom.js';
import { buildElement } from '../elements/build-element.js';
import { plainText } from '../text/text-object.js';

let fields = 0;

/** An input with its label, hint and a place for its error. */
export function renderInput(block, surface, blockId) {
  fields += 1;
  const labelId = `label-${fields}`;
  const notes = `note-${fields}`;
  const place = {
    blockId,
    isLive: block.dispatch_action === true,
    labelledBy: labelId,
    describedBy: notes,
  };
  const control = buildElement(block.element, surface, place);
  const focus = () => (control.querySelector('summary, .field') ?? control).focus();
  return h(
    'div',
    { class: 'input', 'data-required': block.optional === true ? undefined : 'true' },
    h(
      'div',
      { class: 'label', id: labelId, onclick: focus },
      plainText(block.label),
      block.optional === true && h('span', { class: 'optional' }, ' (optional)'),
    ),
    control,
    h(
      'div',
      { id: notes },
      block.hint && h('p', { class: 'hint' }, plainText(block.hint)),
      h('p', { class: 'field-error', 'data-error-for': blockId }),
    ),
  );
}

/**
 * Shows errors under their inputs, those of no input under the form, and puts the focus into the first.
 * @param {Element} container with a `.form-error` of its own
 * @param {Record<string, string>} errors a sentence for each block id
 */
export function showErrors(container, errors) {
  for (const place of container.querySelectorAll('[data-error-for]')) {
    const problem = Object.hasOwn(errors, place.dataset.errorFor) ? errors[place.dataset.errorFor] : '';
    place.textContent = problem;
    const control = place.closest('.input').querySelector('.field, [role=radiogroup], [role=group]');
    if (problem === '') control?.removeAttribute('aria-invalid');
    else control?.setAttribute('aria-invalid', 'true');
  }
  const placed = new Set(
    [...container.querySelectorAll('[data-error-for]')].map((one) => one.dataset.errorFor),
  );
  const others = Object.entries(errors).filter(([blockId]) => !placed.has(blockId));
  container.querySelector('.form-error').textContent = others.map(([, problem]) => problem).join(' ');
  container.querySelector('[aria-invalid]')?.focus();
}

/** What Slack's client refuses before it asks the app: required inputs that are empty. */
export function findMissing(container, values) {
  const errors = {};
  for (const input of container.querySelectorAll('.input[data-required]')) {
    const blockId = input.closest('.block').dataset.block;
    const [state = {}] = Object.values(values[blockId] ?? {});
    const { type: _, ...rest } = state;
    const isEmpty = Object.values(rest).every((value) => value === null || value?.length === 0);
    if (isEmpty) errors[blockId] = 'Please complete this required field.';
  }
  return errors;
}
