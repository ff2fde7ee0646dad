import { post } from '../api.js';
import { findMissing, showErrors } from '../blocks/input.js';
import { renderBlocks } from '../blocks/render-blocks.js';
import { createSurface } from '../blocks/surface.js';
import { byId, h } from '../dom.js';
import { icon } from '../icons.js';
import { replaceNode } from '../list.js';
import { whileBusy } from '../notices.js';
import { plainText } from '../text/text-object.js';

/** What is open: the view as last shown, and its inputs. */
let open = null;

/**
 * Shows the top of the member's stack of modals. A view that was updated keeps what was typed where block,
 * action and type stayed; a view pushed on another shows the way back.
 * @param {object | null} openView `{id, view, errors?}`
 */
export function renderModal(openView, reader) {
  const dialog = byId('modal');
  const signature = JSON.stringify([openView, reader.me.id]);
  if (open?.signature === signature) return;
  if (openView === null) {
    open = null;
    if (dialog.open) dialog.close();
    dialog.replaceChildren();
    return;
  }
  const isSame = open?.id === openView.id;
  const surface = createSurface(
    reader,
    { viewId: openView.id },
    isSame ? open.surface.values() : (openView.view.state?.values ?? {}),
  );
  open = { id: openView.id, signature, surface };
  const form = buildForm(openView, surface, reader);
  if (isSame) replaceNode(dialog.firstElementChild, form);
  else dialog.replaceChildren(form);
  dialog.oncancel = (event) => {
    event.preventDefault();
    void close(openView.id, reader);
  };
  if (!dialog.open) dialog.showModal();
  if (!isSame) focusFirst(dialog);
  if (openView.errors) showErrors(dialog, openView.errors);
}

function buildForm({ id, view }, surface, reader) {
  const cancel = () => void close(id, reader);
  const isPushed = Boolean(view.previous_view_id);
  const closeText = view.close ? plainText(view.close) : isPushed ? 'Back' : 'Close';
  const form = h(
    'form',
    { onsubmit: (event) => submit(event, id, surface, reader) },
    h(
      'header',
      {},
      h('h2', { id: 'modal-title', tabindex: '-1' }, plainText(view.title)),
      h(
        'button',
        { class: 'button quiet', type: 'button', 'aria-label': closeText, onclick: cancel },
        icon(isPushed ? 'back' : 'close'),
      ),
    ),
    h('div', { class: 'modal-blocks' }, renderBlocks(view.blocks, surface)),
    h('p', { class: 'field-error form-error', role: 'alert' }),
    h(
      'div',
      { class: 'modal-buttons' },
      h('button', { class: 'button', type: 'button', onclick: cancel }, closeText),
      view.submit &&
        h(
          'button',
          { class: 'button primary', type: 'submit', disabled: view.submit_disabled === true },
          plainText(view.submit),
        ),
    ),
  );
  form.noValidate = true;
  return form;
}

async function submit(event, viewId, surface, reader) {
  event.preventDefault();
  const form = event.currentTarget;
  const values = surface.values();
  const missing = findMissing(form, values);
  showErrors(form, missing);
  if (Object.keys(missing).length > 0) return;
  await whileBusy(form.querySelectorAll('.modal-buttons button'), async () => {
    const result = await post('submit', { user: reader.me.id, viewId, values });
    await reader.refresh();
    if (result?.errors) showErrors(byId('modal'), result.errors);
  });
}

async function close(viewId, reader) {
  await whileBusy(byId('modal').querySelectorAll('button'), async () => {
    await post('close', { user: reader.me.id, viewId });
    await reader.refresh();
  });
}

function focusFirst(dialog) {
  const first = dialog.querySelector('[autofocus]') ?? dialog.querySelector('.input .field, .input input');
  (first ?? byId('modal-title')).focus();
}
