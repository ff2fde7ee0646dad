import { post } from '../api.js';
import { h } from '../dom.js';
import { renderList } from '../list.js';
import { whileBusy } from '../notices.js';
import { buildMessage } from './message.js';
import { createWriting } from './writing.js';

const STATUS = { processing: 'Working…', suspended: 'Waiting for approval', closed: 'Closed' };

/** A thread: its first message, the replies under it, what its session does, and a box to reply. */
export function buildThread(thread, reader) {
  const { root, channel } = thread;
  const reply = createWriting({
    label: 'Reply in this thread',
    action: 'Reply',
    send: (text) => post('say', { user: reader.me.id, channel, text, thread: root }).then(reader.refresh),
    cancel: () => showReply(false),
  });
  const opener = h(
    'button',
    { class: 'more', type: 'button', onclick: () => showReply(true) },
    'Reply in thread',
  );
  const showReply = (isShown) => {
    reply.node.hidden = !isShown;
    opener.hidden = isShown;
    (isShown ? reply.field : opener).focus();
  };
  reply.node.hidden = true;
  return h(
    'section',
    { class: 'thread', 'data-root': root, 'aria-label': 'Thread' },
    h('div', { class: 'thread-messages' }),
    h('div', { class: 'thread-foot' }, h('div', { class: 'session' }), opener),
    reply.node,
  );
}

export function updateThread(node, thread, reader) {
  const messages = thread.messages.map((message) => ({ ...message, isRoot: message.ts === thread.root }));
  renderList(node.querySelector('.thread-messages'), messages, {
    key: ({ ts }) => ts,
    build: (message) => buildMessage(message, thread.channel, reader),
  });
  renderSession(node.querySelector('.session'), thread, reader);
  const isPrivate = thread.messages.every(({ ephemeralFor }) => ephemeralFor);
  node.querySelector('.thread-foot').hidden = isPrivate;
}

function renderSession(place, { session, channel, root }, reader) {
  renderList(place, session === null || STATUS[session.status] === undefined ? [] : [session], {
    key: () => 'session',
    build: ({ status, title }) => {
      const stop = (event) =>
        whileBusy([event.currentTarget], () => post('stop', { user: reader.me.id, channel, thread: root }));
      return h(
        'p',
        { class: `status ${status}`, role: 'status' },
        h('span', { class: 'status-dot', 'aria-hidden': 'true' }),
        title ? `${STATUS[status]} · ${title}` : STATUS[status],
        status === 'processing' && h('button', { class: 'more', type: 'button', onclick: stop }, 'Stop'),
      );
    },
  });
}
