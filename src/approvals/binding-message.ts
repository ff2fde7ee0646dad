import { createHash } from 'node:crypto';

/** Auth0's rules for `binding_message`: at most 64 of these characters, single spaces (facts: CIBA docs). */
const MAX = 64;
/** Characters of a digest that stand where the middle of a long hint was cut out. */
const MARK = 4;

/**
 * What a second device shows: action, target hint, code. The code is never cut; the hint is, from its middle,
 * so that both ends of an address stay recognisable, with four characters of its digest in the gap. Two targets that
 * fit are never written alike: what the rules do not allow is spelt as `,` and its bytes in hex.
 * @param action an action id
 * @param hint where it goes: an address, a repository…; `@` is written `-at-`, `/` as `:`
 */
export function writeBindingMessage(action: string, hint: string, code: string): string {
  const verb = spell(action);
  const room = MAX - verb.length - code.length - 2;
  const place = shortenMiddle(spell(hint), room);
  return [verb, place, code].filter((part) => part !== '').join(' ');
}

/** Injective: no two texts are spelt alike. */
function spell(text: string): string {
  return text.replace(/-at-|[^A-Za-z0-9+\-_.#]/gu, (part) => {
    if (part === '@') return '-at-';
    if (part === '/') return ':';
    return Array.from(
      Buffer.from(part === '-at-' ? '-' : part),
      (byte) => `,${byte.toString(16).padStart(2, '0')}`,
    )
      .join('')
      .concat(part === '-at-' ? 'at-' : '');
  });
}

function shortenMiddle(text: string, room: number): string {
  if (text.length <= room) return text;
  const ends = room - MARK - 2;
  if (ends < 4) return '';
  const head = Math.ceil(ends / 2);
  const mark = createHash('sha256').update(text).digest('hex').slice(0, MARK);
  return `${text.slice(0, head)}.${mark}.${text.slice(text.length - (ends - head))}`;
}
