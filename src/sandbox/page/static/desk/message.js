import { post } from '../api.js';
import { renderBlocks } from '../blocks/render-blocks.js';
import { createSurface } from '../blocks/surface.js';
import { h } from '../dom.js';
import { renderMrkdwn } from '../text/mrkdwn.js';
import { longMoment, shortMoment } from '../text/time.js';
import { avatarOf } from './avatar.js';
import { createWriting } from './writing.js';

/** One message with its author, time and blocks; one's own can be edited. */
export function buildMessage(message, channel, reader) {
  const { me, users } = reader;
  const author = users.find(({ id }) => id === message.user) ?? strangerOf(message.user);
  const sent = new Date(Number(message.ts) * 1000);
  const body = h('div', { class: 'message-body' }, contentOf(message, channel, reader));
  const classes = ['message', message.isRoot ? 'root' : 'reply', message.ephemeralFor ? 'ephemeral' : ''];
  return h(
    'article',
    {
      class: classes.join(' '),
      'data-ts': message.ts,
      tabindex: '-1',
      'aria-label': `${author.realName} wrote`,
    },
    avatarOf(author, users),
    h(
      'div',
      { class: 'message-main' },
      message.ephemeralFor && h('p', { class: 'only-you' }, 'Only visible to you'),
      h(
        'header',
        {},
        h('strong', {}, author.realName),
        author.isBot && h('span', { class: 'badge' }, 'App'),
        h('time', { datetime: sent.toISOString(), title: longMoment(sent, me.tz) }, shortMoment(sent, me.tz)),
        message.edited && h('span', { class: 'edited' }, '(edited)'),
        message.user === me.id && buildEdit(message, channel, reader, body),
      ),
      body,
    ),
  );
}

/** Slack itself speaks as USLACKBOT, which is in nobody's list of members. */
function strangerOf(id) {
  return { id, realName: id === 'USLACKBOT' ? 'Slackbot' : id };
}

function contentOf(message, channel, reader) {
  if (message.blocks?.length > 0) {
    return renderBlocks(message.blocks, createSurface(reader, { channel, ts: message.ts }));
  }
  return h('div', { class: 'text' }, renderMrkdwn(message.text, reader));
}

function buildEdit(message, channel, reader, body) {
  const open = () => {
    const content = [...body.childNodes];
    const writing = createWriting({
      label: 'Edit your message',
      action: 'Save',
      text: message.text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
      send: (text) =>
        post('edit', { user: reader.me.id, channel, ts: message.ts, text }).then(reader.refresh),
      cancel: () => body.replaceChildren(...content),
    });
    body.replaceChildren(writing.node);
    writing.field.focus();
  };
  return h('button', { class: 'more edit', type: 'button', onclick: open }, 'Edit');
}
