/** Auth0's rules for `binding_message`: at most 64 of these characters, single spaces (facts: CIBA docs). */
const MAX = 64;

/**
 * What a second device shows: action, target hint, code. The code is never cut; the hint is, from its middle,
 * so that both ends of an address stay recognisable.
 * @param action an action id
 * @param hint where it goes: an address, a repository…; `@` is written `-at-`, `/` as `:`
 */
export function writeBindingMessage(action: string, hint: string, code: string): string {
  const verb = clean(action);
  const room = MAX - verb.length - code.length - 2;
  const place = shortenMiddle(clean(hint), room);
  return [verb, place, code].filter((part) => part !== '').join(' ');
}

function clean(text: string): string {
  return text
    .replaceAll('@', '-at-')
    .replaceAll('/', ':')
    .replace(/[^A-Za-z0-9+\-_.,:#]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

function shortenMiddle(text: string, room: number): string {
  if (room < 5) return '';
  if (text.length <= room) return text;
  const head = Math.ceil((room - 2) / 2);
  return `${text.slice(0, head)}..${text.slice(text.length - (room - 2 - head))}`;
}
