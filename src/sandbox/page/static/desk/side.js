import { byId, h } from '../dom.js';
import { icon } from '../icons.js';
import { renderList } from '../list.js';
import { avatarOf } from './avatar.js';

/** Who you are and where you are. */
export function renderSide(state, place, { choosePerson, choosePlace }) {
  const people = state.users
    .filter((user) => !user.isBot)
    .map((user) => ({ ...user, isChosen: user.id === state.me.id }));
  renderList(byId('people'), people, {
    key: (user) => user.id,
    build: (user) =>
      entry(user.isChosen, `person ${user.id}`, () => void choosePerson(user.id), [
        avatarOf(user, state.users),
        h('span', { class: 'entry-text' }, user.realName, h('small', {}, roleOf(user))),
      ]),
  });
  renderList(byId('places'), listPlaces(state, place), {
    key: (one) => one.key,
    build: (one) =>
      entry(one.isChosen, one.key, () => void choosePlace(one.to), [
        h('span', { class: 'glyph' }, icon(one.glyph)),
        h('span', { class: 'entry-text' }, one.name),
      ]),
  });
}

function entry(isChosen, focus, choose, content) {
  const attributes = { type: 'button', 'data-focus': focus, 'aria-pressed': isChosen ? 'true' : 'false' };
  return h('li', {}, h('button', { ...attributes, onclick: choose }, content));
}

function listPlaces(state, place) {
  const direct = state.channels.filter(({ kind }) => kind === 'im');
  const others = state.channels.filter(({ kind }) => kind !== 'im');
  const conversation = (channel, glyph, name) => ({
    key: channel.id,
    glyph,
    name,
    to: { channel: channel.id },
    isChosen: !place.isHome && channel.id === state.channel,
  });
  return [
    ...direct.map((channel) => conversation(channel, 'check', nameOfBot(state))),
    { key: 'home', glyph: 'home', name: 'App Home', to: { isHome: true }, isChosen: place.isHome },
    ...others.map((channel) => conversation(channel, 'hash', channel.name.replace(/^#/, ''))),
  ];
}

export function nameOfBot({ users }) {
  return users.find((user) => user.isBot)?.realName ?? 'AgentDesk';
}

function roleOf(user) {
  if (user.deleted) return 'Deactivated';
  if (user.isAdmin || user.isOwner) return 'Workspace admin';
  return user.isRestricted ? 'Guest' : 'Member';
}
