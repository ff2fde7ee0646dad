import { post } from '../api.js';
import { byId } from '../dom.js';
import { notify } from '../notices.js';
import { nameOfBot } from './side.js';
import { sendOnEnter } from './writing.js';

const HINT = 'Enter sends, Shift + Enter starts a new line, / starts a command';
const SLASH_HINT = 'A command: only AgentDesk gets it, and only you see the answer. Try /agentdesk help';

/** The box under the conversation. What is half typed is kept for each person and conversation. */
export function createComposer({ refresh }) {
  const form = byId('composer');
  const field = byId('message');
  const drafts = new Map();
  let where = null;

  const showHint = () => {
    byId('composer-hint').textContent = field.value.startsWith('/') ? SLASH_HINT : HINT;
  };
  field.addEventListener('input', showHint);
  sendOnEnter(field, form);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = field.value;
    if (text.trim() === '' || where === null) return;
    field.value = '';
    showHint();
    byId('log').scrollTop = byId('log').scrollHeight;
    try {
      await send(where, text);
      await refresh();
    } catch (error) {
      if (field.value === '') field.value = text;
      notify(error.message);
    }
  });

  return {
    fill(text) {
      field.value = text;
      showHint();
      field.focus();
    },
    show(state, { isHome }) {
      const next = { user: state.me.id, channel: state.channel };
      const keyOf = ({ user, channel }) => `${user} ${channel}`;
      if (where === null || keyOf(next) !== keyOf(where)) {
        if (where !== null) drafts.set(keyOf(where), field.value);
        field.value = drafts.get(keyOf(next)) ?? '';
        where = next;
      }
      const channel = state.channels.find(({ id }) => id === state.channel);
      const isDirect = channel?.kind === 'im';
      const name = isDirect ? nameOfBot(state) : `#${channel?.name.replace(/^#/, '') ?? ''}`;
      field.placeholder = `Message ${name}`;
      byId('place-title').textContent = isHome ? 'App Home' : name;
      byId('place-note').textContent = noteOf(isHome, isDirect, state.me);
      showHint();
    },
  };
}

function noteOf(isHome, isDirect, me) {
  if (isHome) return `What ${nameOfMe(me)} sees of the app`;
  return isDirect ? `Direct messages with ${nameOfMe(me)}` : 'Everyone can read this';
}

const nameOfMe = (me) => me.realName.split(' ')[0];

async function send({ user, channel }, text) {
  const slash = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
  if (slash === null) await post('say', { user, channel, text });
  else await post('slash', { user, channel, command: slash[1], text: slash[2] });
}
