import { renderBlocks } from '../blocks/render-blocks.js';
import { createSurface } from '../blocks/surface.js';
import { byId, h } from '../dom.js';
import { renderList } from '../list.js';

let surface = null;

/** The App Home as the app published it for this member; what is half typed survives a new version. */
export function renderHome(view, reader) {
  renderList(byId('home'), [{ view, user: reader.me.id }], {
    key: ({ user }) => user,
    build: () => {
      if (view === null) return h('p', { class: 'empty' }, 'The app has not published its Home yet.');
      surface = createSurface(
        reader,
        { home: true },
        surface?.me.id === reader.me.id ? surface.values() : {},
      );
      return h('div', { class: 'home-view' }, renderBlocks(view.blocks, surface));
    },
  });
}
