import { byId, h } from '../dom.js';
import { renderList } from '../list.js';
import { nameOfBot } from './side.js';
import { buildThread, updateThread } from './thread.js';

const EXAMPLES = [
  'What is on my calendar tomorrow?',
  'Send ben@acme.test a mail: I will be ten minutes late',
  'Open an issue in acme/website: The footer links are broken',
  '/agentdesk help',
];

let shown = null;

/** The conversation: threads in the order of their first message, each with its session's status. */
export function renderLog(state, reader, { useExample }) {
  const log = byId('log');
  const where = `${state.me.id} ${state.channel}`;
  const isOther = shown !== where;
  if (isOther) log.replaceChildren(h('div', { class: 'threads' }));
  shown = where;
  // Whoever reads older messages is left in peace; whoever is at the end stays at the end.
  const isAtEnd = isOther || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const threads = groupThreads(state);
  renderList(log.querySelector('.threads'), threads, {
    key: (thread) => thread.root,
    build: (thread) => buildThread(thread, reader),
    update: (node, thread) => updateThread(node, thread, reader),
  });
  log.querySelector('.welcome')?.remove();
  if (threads.length === 0) log.append(buildWelcome(state, useExample));
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

function groupThreads({ channel, channels, messages, sessions }) {
  const isDirect = channels.find(({ id }) => id === channel)?.kind === 'im';
  const threads = new Map();
  for (const message of messages) {
    const root = message.thread_ts ?? message.ts;
    if (!threads.has(root)) threads.set(root, { root, channel, isDirect, messages: [] });
    threads.get(root).messages.push(message);
  }
  return [...threads.values()]
    .sort((a, b) => Number(a.root) - Number(b.root))
    .map((thread) => ({
      ...thread,
      session: sessions.find(({ thread_ts: root }) => root === thread.root) ?? null,
    }));
}

/** What the app suggested for this conversation, else examples of ours. */
function listExamples({ prompts }) {
  return prompts?.prompts?.length > 0
    ? prompts.prompts
    : EXAMPLES.map((text) => ({ title: text, message: text }));
}

function buildWelcome(state, useExample) {
  return h(
    'div',
    { class: 'welcome' },
    h('h3', {}, state.prompts?.title ?? `Ask ${nameOfBot(state)} for something`),
    h('p', {}, 'It looks things up by itself. Before it sends, books or opens anything, it asks you here.'),
    h(
      'ul',
      {},
      listExamples(state).map(({ title, message }) =>
        h(
          'li',
          {},
          h('button', { type: 'button', class: 'example', onclick: () => useExample(message) }, title),
        ),
      ),
    ),
  );
}
