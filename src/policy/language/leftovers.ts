import type { Draft } from './draft.ts';
import { ask, refuse, type Reading } from './reading.ts';

/** Words that change nothing in a rule. Never a word that could: not, except, only, until. */
const FILLERS = new Set(
  `a an the to any my our your their its i it me us we you please always also just all of for when whenever if in on at
  with from by or and that which who is are be being does must should may can will want wants i'd like agent agentdesk
  bot rule make sure before first then there this have has get gets goes go them they people anyone anybody
  everyone someone somebody recipients recipient address addresses every time`.split(/\s+/),
);
const NOTHING_LEFT = /[\s|,;:"'()-]+/;

/** Words a person may expect a rule to understand, and why it does not. */
const KNOWN: readonly (readonly [pattern: RegExp, reading: Reading])[] = [
  [
    /\b(?:ignore|disregard|previous|instructions|system prompt|pretend|override|jailbreak|admin mode)\b/,
    refuse('That is no rule. Say what to do before which action, such as: Ask before sending mail.'),
  ],
  [
    /\b(?:today|tomorrow|tonight|until|till|this week|next week|next month|january|february|december|holidays?|christmas)\b/,
    refuse('A rule holds until it is changed, by hours and weekdays, not by dates.'),
  ],
  [
    /\b(?:unless|except|excluding|but|apart)\b/,
    refuse(
      'A rule has no such exception. It can leave out domains (outside acme.com) and weekdays (except on Mondays).',
    ),
  ],
  [
    /\b(?:about|containing|contains|mentions?|mentioning|subject|body|attachments?|attached|says|saying|confidential|rude|spam)\b/,
    refuse('A rule sees who and where and how many, never what is written.'),
  ],
  [/\b(?:cost|costs|euros?|dollars?|price|budget|\$|€)/, refuse('A rule knows nothing of money.')],
  [
    /\b(?:not|without|nor)\b/,
    refuse('A rule says when it holds, and cannot say that of what it does not. Say it the other way round.'),
  ],
  [
    /\bonly\b/,
    ask(
      '“Only” leaves open what is done otherwise. Say what should be asked about or never done, such as: Never mail anyone outside acme.com.',
    ),
  ],
  [
    /\b(?:twice|times|per day|a day|per week|daily|how often|limit)\b/,
    refuse('A rule does not count how often something is done.'),
  ],
  [
    /\b(?:outside|external to)\b/,
    ask('Outside what? Name a domain such as acme.com, or say: outside the organisation.'),
  ],
];

/** What of the sentence was not understood; null when nothing is left. */
export function findLeftover({ rest }: Draft): Reading | null {
  const words = rest.split(NOTHING_LEFT).filter((word) => word !== '' && !FILLERS.has(word));
  if (words.length === 0) return null;
  const known = KNOWN.find(([pattern]) => pattern.test(rest));
  if (known !== undefined) return known[1];
  const shown = words.slice(0, 6).join(' ').slice(0, 80);
  return refuse(
    `I do not understand “${shown}” in it, so it makes no rule. Say it in other words, or use the form of Add rule.`,
  );
}
