import { randomBytes } from 'node:crypto';
import { GENERAL } from '../seed.ts';
import type { Json, User } from '../world.ts';

/** Piece of a typed text: plain, a mention, a channel, a link or an address. */
const PIECES =
  /(<@[UW][A-Z0-9]+>|@[A-Za-z0-9._-]+|#general\b|https?:\/\/[^\s<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)/;

/** Slack's three control characters, escaped. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function mentionOf(piece: string, users: readonly User[]): User | undefined {
  const id = /^<@([UW][A-Z0-9]+)>$/.exec(piece)?.[1];
  if (id !== undefined) return users.find((user) => user.id === id);
  const name = piece.startsWith('@') ? piece.slice(1).toLowerCase() : null;
  return name === null
    ? undefined
    : users.find((user) => user.name === name || user.realName.toLowerCase() === name);
}

/** How a piece is stored in `text`, and as an element of the rich_text block. */
function store(piece: string, users: readonly User[], named: boolean): { text: string; element: Json } {
  const user = mentionOf(piece, users);
  const label = (name: string): string => (named ? `|${name}` : '');
  if (user !== undefined) {
    return { text: `<@${user.id}${label(user.name)}>`, element: { type: 'user', user_id: user.id } };
  }
  if (piece === '#general') {
    return { text: `<#${GENERAL}|general>`, element: { type: 'channel', channel_id: GENERAL } };
  }
  if (/^https?:\/\//.test(piece))
    return { text: `<${escapeText(piece)}>`, element: { type: 'link', url: piece } };
  if (/^[\w.+-]+@/.test(piece)) {
    return {
      text: `<mailto:${piece}|${piece}>`,
      element: { type: 'link', url: `mailto:${piece}`, text: piece },
    };
  }
  return { text: escapeText(piece), element: { type: 'text', text: piece } };
}

/**
 * What Slack's composer makes of a typed text: `&`, `<`, `>` escaped; mentions, links and addresses in angle
 * brackets (docs.slack.dev/messaging/formatting-message-text); and the same as a rich_text block.
 * @param named mentions carry the name too, as in the text of slash commands with `should_escape`
 */
export function compose(
  text: string,
  users: readonly User[],
  named = false,
): { text: string; blocks: Json[] } {
  const pieces = text
    .split(PIECES)
    .filter((piece) => piece !== '')
    .map((piece) => store(piece, users, named));
  const section = { type: 'rich_text_section', elements: pieces.map((piece) => piece.element) };
  const block = {
    type: 'rich_text',
    block_id: randomBytes(4).toString('base64url').slice(0, 5),
    elements: [section],
  };
  return { text: pieces.map((piece) => piece.text).join(''), blocks: [block] };
}
