import { fetchState, listen, post } from './api.js';
import { createComposer } from './desk/composer.js';
import { renderHome } from './desk/home.js';
import { renderLog } from './desk/log.js';
import { renderModal } from './desk/modal.js';
import { setUpPanes } from './desk/panes.js';
import { renderSide } from './desk/side.js';
import { byId } from './dom.js';
import { dismiss, dismissAll, notify } from './notices.js';
import { renderOutside } from './outside/outside.js';
import { readPlace, writePlace } from './place.js';

/** What is looked at: a member, a conversation of theirs, or (`isHome`) their App Home. */
let place = readPlace();
let state = null;
let running = null;
let isStale = false;

/** Fetches what is to be seen and shows it; calls during a fetch lead to one more. */
function refresh() {
  isStale = true;
  running ??= (async () => {
    while (isStale) {
      isStale = false;
      const asked = place;
      const fetched = await fetchState(asked.user, asked.channel);
      if (asked !== place) isStale = true;
      else show(fetched);
    }
  })()
    .then(() => dismiss('refresh'))
    .catch((error) => notify(`The page could not be brought up to date: ${error.message}`, 'refresh'))
    .finally(() => (running = null));
  return running;
}

function show(fetched) {
  state = fetched;
  place = { ...place, user: state.me.id, channel: state.channel };
  writePlace(place);
  const reader = { me: state.me, users: state.users, channels: state.channels, refresh };
  renderSide(state, place, { choosePerson, choosePlace });
  byId('log').hidden = place.isHome;
  byId('composer').hidden = place.isHome;
  byId('home').hidden = !place.isHome;
  if (place.isHome) renderHome(state.home, reader);
  else renderLog(state, reader, { useExample: (text) => composer.fill(text) });
  composer.show(state, place);
  renderModal(state.view, reader);
  renderOutside(state);
}

async function choosePerson(user) {
  await go({ user, channel: null, isHome: place.isHome });
}

async function choosePlace(next) {
  document.body.dataset.pane = 'chat';
  panes.show('chat');
  await go({ user: place.user, channel: place.channel, isHome: false, ...next });
}

/** Goes there, and tells the app what Slack tells it: that its Home or its Messages tab was opened. */
async function go(next) {
  dismissAll();
  place = next;
  await refresh();
  const isDirectMessage = state?.channels.find(({ id }) => id === place.channel)?.kind === 'im';
  if (!place.isHome && !isDirectMessage) return;
  try {
    await post(place.isHome ? 'home' : 'messages-tab', { user: place.user });
    await refresh();
  } catch (error) {
    notify(error.message);
  }
}

const panes = setUpPanes();
const composer = createComposer({ refresh });
void go(place);
listen({
  changed: () => void refresh(),
  connected: (isConnected) =>
    isConnected
      ? dismiss('connection')
      : notify('The sandbox does not answer. This page tries again by itself.', 'connection'),
});
