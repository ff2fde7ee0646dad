import { byId, h } from '../dom.js';
import { renderList } from '../list.js';
import { timeOf } from '../text/time.js';

const KEPT = 4;
const journals = new Map();
let count = 0;

/** The last few changes out there; until the first one it says that there was none. */
export function renderJournal(me, changes) {
  const lines = changes.map(({ text }) => ({
    key: `${(count += 1)}`,
    text,
    time: timeOf(new Date(), me.tz),
  }));
  const journal = [...lines.reverse(), ...(journals.get(me.id) ?? [])].slice(0, KEPT);
  journals.set(me.id, journal);
  const nothing = { key: 'nothing', text: 'Nothing has changed out here since you opened this page.' };
  renderList(byId('journal'), journal.length === 0 ? [nothing] : journal, {
    key: (line) => line.key,
    build: ({ time, text }) =>
      h(
        'p',
        { class: time === undefined ? 'calm' : 'line' },
        time && h('time', {}, time),
        h('span', {}, text),
      ),
  });
}
