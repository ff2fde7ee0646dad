import { h } from '../dom.js';

/** The frame of a part of the outside world, made once. @returns its body */
export function frame(section, heading, note = '') {
  if (section.childElementCount === 0) {
    section.append(
      h('header', {}, h('h3', { id: `${section.id}-heading` }, heading), h('span', { class: 'note' })),
      h('div', { class: 'section-list' }),
    );
  }
  section.querySelector('.note').textContent = note;
  return section.querySelector('.section-list');
}

export function emptyNote(text) {
  return { key: 'empty', empty: text };
}
