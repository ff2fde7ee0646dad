import { tellFailure } from './answer.ts';
import { numberLines, pickFrom } from './choose.ts';
import { ADDRESS } from './mask.ts';
import { ask, probeTool, type Ending, type Plan } from './plan.ts';
import type { Member } from './read-context.ts';
import { addressOf, readMails } from './results.ts';

/** Someone named in a sentence: an address, or a name to be looked up. */
export type Person = { readonly address: string } | { readonly name: string };

/** Every address in the text, lower case, once each, in order. */
export function addressesIn(text: string): string[] {
  const found = text.match(new RegExp(ADDRESS, 'g')) ?? [];
  return [...new Set(found.map((one) => one.toLowerCase()))];
}

const NO_NAMES = new Set(
  [
    'a an the me my mine us our ours you your i we it its this that these those him her them they he she and or all',
    'both either everyone everybody somebody someone anyone nobody new now out off up mail email message note reply',
    'draft back about to from for with in on at of by is are am be free busy available meeting please also then later',
    'today tomorrow tonight when what who which there here saying regarding re cc bcc time no subject team',
  ]
    .join(' ')
    .split(' '),
);

/** Addresses and names in a list such as "ben@acme.test, Priya and me"; the member stands for "me". */
export function readPeople(text: string, member: Member): Person[] {
  const people: Person[] = [];
  for (const part of text.split(/\s*(?:[,;&\n]|\band\b)\s*/i)) {
    const words = part.split(/\s+/);
    const addresses = addressesIn(part);
    const name = words
      .map((word) => word.replace(/'s$/, '').replace(/[.!?]+$/, ''))
      .find((word) => /^\p{L}[\p{L}'-]{1,30}$/u.test(word) && !NO_NAMES.has(word.toLowerCase()));
    if (addresses.length > 0) people.push(...addresses.map((address) => ({ address })));
    else if (member.email && words.some((word) => /^(?:me|myself)$/i.test(word)))
      people.push({ address: member.email });
    else if (name !== undefined) people.push({ name });
  }
  return people;
}

/**
 * Turns names into addresses: the senders of the member's mail are looked through for each name; when none
 * or several fit, the person is asked. Nothing is guessed.
 */
export function* findAddresses(
  people: readonly Person[],
): Plan<{ addresses: string[] } | { ending: Ending }> {
  const addresses: string[] = [];
  for (const person of people) {
    if ('address' in person) {
      addresses.push(person.address);
      continue;
    }
    const label = `look up the address of ${person.name}`;
    const found = yield* probeTool('gmail_messages_list', { query: `from:${person.name}`, max: 25 }, label);
    if (!found.ok) return { ending: tellFailure(label, found) };
    const known = sendersNamed(person.name, readMails(found.data).map((mail) => mail.from)); // prettier-ignore
    const only = known.length === 1 ? known[0] : undefined;
    addresses.push(...(only === undefined ? yield* askAddress(person.name, known) : [only]));
  }
  return { addresses: [...new Set(addresses)] };
}

/** Asks for an address; "known" are those to choose from. */
export function* askAddress(name: string, known: readonly string[]): Plan<string[]> {
  const lines =
    known.length > 0
      ? [`I know several addresses for ${name}:`, ...numberLines(known)]
      : [`I found no mail from ${name}, so I do not know the address.`];
  return yield* ask('address', name === '' ? [] : lines, (text) => {
    const told = addressesIn(text);
    const picked = pickFrom(known, text, (address, words) => address.includes(words.trim().toLowerCase()));
    return told.length > 0 ? told : picked === null ? null : [picked];
  });
}

function sendersNamed(name: string, headers: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const fitting = headers.filter((header) =>
    header
      .toLowerCase()
      .split(/[^\p{L}\p{N}'-]+/u)
      .includes(wanted),
  );
  return [...new Set(fitting.map(addressOf).filter((address) => address !== ''))];
}
