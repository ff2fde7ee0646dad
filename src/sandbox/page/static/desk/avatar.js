import { h } from '../dom.js';
import { icon } from '../icons.js';

const COLOURS = 5;

/** A square with someone's initials; the same person always has the same colour. */
export function avatarOf(user, users) {
  if (user.isBot) return h('span', { class: 'avatar bot', 'aria-hidden': 'true' }, icon('check'));
  const initials = user.realName.split(/\s+/).map((word) => word.slice(0, 1));
  const colour =
    Math.max(
      0,
      users.findIndex(({ id }) => id === user.id),
    ) % COLOURS;
  return h(
    'span',
    { class: `avatar colour-${colour}`, 'aria-hidden': 'true' },
    initials.slice(0, 2).join(''),
  );
}
