import { h } from '../dom.js';
import { whileBusy } from '../notices.js';

/**
 * A small box to write in: Enter sends, Shift and Enter makes a new line, Esc gives up.
 * @param {{label: string, action: string, text?: string, send: (text: string) => Promise<unknown>, cancel: () => void}} options
 */
export function createWriting({ label, action, text = '', send, cancel }) {
  const field = h('textarea', { rows: 1, 'aria-label': label, placeholder: label, value: text });
  const button = h('button', { class: 'button primary', type: 'submit' }, action);
  const submit = async (event) => {
    event.preventDefault();
    const written = field.value;
    if (written.trim() === '') return;
    await whileBusy([button], async () => {
      await send(written);
      field.value = '';
      cancel();
    });
  };
  const node = h(
    'form',
    { class: 'writing', onsubmit: submit, onkeydown: (event) => event.key === 'Escape' && cancel() },
    field,
    button,
    h('button', { class: 'button', type: 'button', onclick: cancel }, 'Cancel'),
  );
  sendOnEnter(field, node);
  return { node, field };
}

/** Enter submits the form; with Shift, or while an input method composes a character, it does not. */
export function sendOnEnter(field, form) {
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
