import type { Condition } from '../rules/types.ts';
import { stop, take, type Draft } from './draft.ts';
import { ask, refuse } from './reading.ts';

const PERSON = String.raw`(?:anyone|anybody|people|persons|someone|somebody|recipients?|guests?|attendees|addresses|contacts?|domains)`;
const OURS = String.raw`(?:my|our|the|your|this) (?:own )?(?:organi[sz]ation|company|org|workspace|team|firm|domain)`;
const EXTERNAL = new RegExp(
  String.raw`(?:\b(?:to|with|an?|any|if|when) )*(?:\b(?:${PERSON} )?(?:(?:who|that) )?(?:is |are )?(?:outside(?: of)?|external to|not (?:in|at|from)) ${OURS}|\bexternal(?:ly)?(?: ${PERSON})?|\boutsiders?|\b${PERSON} external)(?= |$)`,
);
const FIRST = new RegExp(
  String.raw`(?:\b(?:to|with|an?|any|if|when|for) )*(?:\b(?:someone|anyone|somebody|anybody|people) new|\bnew (?:${PERSON})|(?:\b${PERSON} )?(?:\b(?:who|whom|that|i|i've|we|we've|it|was|were|is|are|have|has) )*never (?:been )?(?:written|mailed|emailed|wrote|contacted)(?: to)?(?: before)?|\b(?:for )?the first time|\bfirst-time(?: ${PERSON})?|\bnew(?= \|))(?= |$)`,
);
const INSIDE =
  /\b(?:internal(?:ly)? (?:people|recipients|addresses|mail)|internally|colleagues?|coworkers?|inside (?:my|our|the) (?:organi[sz]ation|company|org|team))\b/;
const NUMBERS: Readonly<Record<string, number>> = {
  one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10,
  twelve: 12, fifteen: 15, twenty: 20, thirty: 30, fifty: 50, 'a hundred': 100, hundred: 100,
}; // prettier-ignore
const NUMBER = String.raw`(\d{1,5}|${Object.keys(NUMBERS).join('|')})`;
const COUNTED = String.raw`(?:other |external )?(people|persons|recipients?|addresses|guests?|attendees?|participants|invitees|others)`;
const LEAD = String.raw`(?:\b(?:to|with|for|if|when|there|are|is|it|has|have|goes|go) )*`;
const ABOVE = new RegExp(String.raw`${LEAD}\b(more than|over|above|at least|beyond) ${NUMBER} ${COUNTED}\b`);
const OR_MORE = new RegExp(String.raw`${LEAD}\b${NUMBER} (or more|and more|or above|\+) ${COUNTED}\b`);
const ODD = new RegExp(
  String.raw`\b(fewer than|less than|under|below|exactly|at most|up to|no more than|not more than)?\s?${NUMBER} ${COUNTED}\b`,
);

/** Who a call goes to, and how many they are, taken out of the text. */
export function readRecipients(draft: Draft): void {
  const add = (condition: Condition): void => void draft.conditions.push(condition);
  if (take(draft, EXTERNAL) !== null) add({ kind: 'recipients', is: 'external' });
  if (take(draft, FIRST) !== null) add({ kind: 'recipients', is: 'first_time' });
  if (/\bstrangers?\b/.test(draft.rest))
    stop(
      draft,
      ask(
        'Who is a stranger: someone outside your organisation, or someone who was never written to before?',
      ),
    );
  if (INSIDE.test(draft.rest))
    stop(
      draft,
      refuse(
        'A rule can be about recipients outside your organisation, or about domains, but not about colleagues alone. Name the domain: to anyone at acme.com.',
      ),
    );
  readCount(draft);
}

function readCount(draft: Draft): void {
  const above = take(draft, ABOVE);
  if (above !== null) {
    const [, word, number = '', noun = ''] = above;
    return keep(draft, valueOf(number) - (word === 'at least' ? 1 : 0), noun);
  }
  const orMore = take(draft, OR_MORE);
  if (orMore !== null) return keep(draft, valueOf(orMore[1] ?? '') - 1, orMore[3] ?? '');
  const odd = ODD.exec(draft.rest);
  if (odd?.[1] !== undefined)
    return stop(
      draft,
      refuse('A rule can ask about more than so many people, not about fewer or exactly so many.'),
    );
  if (odd !== null) stop(draft, ask(`Do you mean more than ${odd[2]} ${odd[3]}, or ${odd[2]} or more?`));
  if (/\b(?:many|several|lots of|a lot of|a large|big groups?|large groups?|too many)\b/.test(draft.rest))
    stop(draft, ask('How many are too many? Say it like: more than 10 people.'));
}

function keep(draft: Draft, moreThan: number, noun: string): void {
  if (moreThan < 0 || moreThan > 2_000) return stop(draft, ask('How many? A number from 1 to 2000.'));
  if (/^(?:guest|attendee|participant|invitee)/.test(noun))
    draft.conditions.push({ kind: 'guest_count', moreThan });
  else if (/^(?:recipient|address)/.test(noun)) draft.conditions.push({ kind: 'recipient_count', moreThan });
  else draft.people = moreThan;
}

function valueOf(word: string): number {
  return NUMBERS[word] ?? Number(word);
}
