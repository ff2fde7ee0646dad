import { h } from '../dom.js';
import { renderList } from '../list.js';
import { dayOf, timeOf } from '../text/time.js';
import { eventId } from './changes.js';
import { emptyNote, frame } from './section.js';

/** The member's events that are not over, by day, on their own clock. */
export function renderCalendar(section, events, me) {
  const body = frame(section, 'Calendar', events === null ? '' : me.tz.replaceAll('_', ' '));
  const nothing = events === null ? `${me.realName} has no calendar here.` : 'Nothing is coming up.';
  const upcoming = (events ?? []).filter((event) => momentOf(event.end) >= Date.now());
  const items = upcoming.map((event, index) => {
    const day = dayOf(momentOf(event.start), me.tz);
    const isFirst = index === 0 || dayOf(momentOf(upcoming[index - 1].start), me.tz) !== day;
    return { ...event, user: me.id, tz: me.tz, day: isFirst ? day : '' };
  });
  renderList(body, items.length === 0 ? [emptyNote(nothing)] : items, {
    key: (item) => item.key ?? eventId(item),
    build: (item) => (item.empty === undefined ? buildEvent(item) : h('p', { class: 'empty' }, item.empty)),
  });
}

const isWholeDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text);

function momentOf(text) {
  return Date.parse(isWholeDay(text) ? `${text}T12:00:00Z` : text);
}

function buildEvent({ id, title, start, end, guests, location, status, shared, tz, day }) {
  const time = isWholeDay(start) ? 'all day' : `${timeOf(momentOf(start), tz)}–${timeOf(momentOf(end), tz)}`;
  return h(
    'div',
    { class: 'event-row' },
    day !== '' && h('h4', {}, day),
    h(
      'div',
      { class: `item event ${status}`, id: eventId({ id }) },
      h('span', { class: 'event-time' }, time),
      h(
        'span',
        { class: 'event-what' },
        h('span', { class: 'item-title' }, title),
        status !== 'confirmed' && h('span', { class: 'badge' }, status),
        location !== '' && h('small', {}, location),
        guests.length > 0 && h('small', {}, `with ${guests.map(({ email }) => email).join(', ')}`),
        shared !== null && h('small', {}, `in ${shared}`),
      ),
    ),
  );
}
