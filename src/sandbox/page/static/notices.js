import { byId, h } from './dom.js';

/** Tells the person that something went wrong, until dismissed. The same sentence is shown once. */
export function notify(text, key = text) {
  const region = byId('notices');
  dismiss(key);
  const close = () => dismiss(key);
  region.append(
    h(
      'div',
      { class: 'notice', 'data-key': key },
      h('span', {}, text),
      h('button', { class: 'quiet', type: 'button', onclick: close }, 'Dismiss'),
    ),
  );
}

export function dismiss(key) {
  for (const notice of [...byId('notices').children]) if (notice.dataset.key === key) notice.remove();
}

/** Clears what was told about another place; that the sandbox is away stays true everywhere. */
export function dismissAll() {
  for (const { dataset } of [...byId('notices').children])
    if (dataset.key !== 'connection') dismiss(dataset.key);
}

/**
 * Runs something that a click started: what was clicked is disabled meanwhile, and a failure is told.
 * @param {Iterable<HTMLElement>} controls
 * @param {() => Promise<unknown>} work
 */
export async function whileBusy(controls, work) {
  const free = [...controls].filter((control) => !control.disabled);
  for (const control of free) {
    control.disabled = true;
    control.setAttribute('aria-busy', 'true');
  }
  try {
    return await work();
  } catch (error) {
    notify(error.message);
    return undefined;
  } finally {
    for (const control of free) {
      control.disabled = false;
      control.removeAttribute('aria-busy');
    }
  }
}
