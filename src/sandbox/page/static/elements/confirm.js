import { byId, h } from '../dom.js';
import { plainText, renderText } from '../text/text-object.js';

/**
 * Asks before an action is sent, with the confirmation object's words; Esc means no.
 * @returns {Promise<boolean>}
 */
export function askConfirm(confirm, reader) {
  const dialog = byId('confirm');
  const answer = (text, fallback, value, style) =>
    h(
      'button',
      { class: `button ${style}`, type: 'button', onclick: () => dialog.close(value) },
      text === undefined ? fallback : plainText(text),
    );
  const title = confirm.title === undefined ? 'Are you sure?' : plainText(confirm.title);
  dialog.replaceChildren(
    h('h2', { id: 'confirm-title' }, title),
    renderText(confirm.text, reader),
    h(
      'div',
      { class: 'modal-buttons' },
      answer(confirm.deny, 'Cancel', 'no', ''),
      answer(confirm.confirm, 'Yes', 'yes', confirm.style === 'danger' ? 'danger' : 'primary'),
    ),
  );
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}
