import { h } from '../dom.js';
import { renderList } from '../list.js';
import { frame } from './section.js';

/** Calls that the Slack stand-in refused: a fault of the app, so it is shown only when there is one. */
export function renderViolations(section, violations) {
  section.hidden = violations.length === 0;
  const body = frame(section, 'Refused by Slack', `${violations.length}`);
  renderList(
    body,
    violations.map((one, index) => ({ ...one, index })),
    {
      key: ({ index }) => `${index}`,
      build: ({ method, error, detail }) =>
        h(
          'p',
          { class: 'violation' },
          h('code', {}, `${method}: ${error}`),
          detail && h('small', {}, `${detail}`),
        ),
    },
  );
}
