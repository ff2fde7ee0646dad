import { h } from '../dom.js';

export function userMention(id, ctx, label = null) {
  const user = ctx.users.find((one) => one.id === id);
  const classes = id === ctx.me.id ? 'mention me' : 'mention';
  return h('span', { class: classes, title: id }, `@${user?.realName ?? label ?? id}`);
}

export function channelMention(id, ctx, label = null) {
  const channel = ctx.channels.find((one) => one.id === id);
  return h('span', { class: 'mention', title: id }, `#${channel?.name.replace(/^#/, '') ?? label ?? id}`);
}
