import { coversAction } from '../rules/patterns.ts';
import { BETWEEN, listOf, MARK, splitList, stop, take, takeAll, type Draft } from './draft.ts';
import { ask, refuse, type Reading } from './reading.ts';
import { ALONE, INVITES, MEANINGS, NOUNS, VERBS, type Noun, type Verb } from './verbs.ts';

const DETERMINER = String.raw`(?:(?:an?|any|the|my|our|new|all|of|in|on|to|from|with|about|at|existing)\s+)*`;
const VERB = `(?:${Object.values(VERBS).join('|')})`;
const NOUN = `(?:${Object.values(NOUNS).join('|')})`;
const PHRASE = new RegExp(
  String.raw`\b(${listOf(VERB)})\s+${DETERMINER}(${NOUN}(?:${BETWEEN}${DETERMINER}${NOUN})*)(?= |$)`,
);
const SERVICE = /\b(?:(?:in|on|at|to|from|with|of|via) )?(?:my |the |our )?(gmail|github|google calendar)\b/;
/** "Mail" is done only where somebody is mailed; "mail on Sundays" may as well be read. */
const MAIL_TO = /\b(?:e-?)?mails?(?: to)?(?= |$)/;
const SERVICES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    gmail: 'gmail',
    github: 'github',
    'google calendar': 'calendar',
  }),
);

/** Actions by their ids, which look like domains, taken out of the text. */
export function readActionIds(draft: Draft): void {
  for (const { id } of draft.catalog) {
    const literal = new RegExp(
      String.raw`(?:\b(?:using|use|calling|call|doing|do) )?(?<![\w.])${id.toLowerCase().replaceAll('.', String.raw`\.`)}(?![\w.])`,
    );
    if (take(draft, literal) !== null) draft.actions.push(id);
  }
}

/** What the rule is about, taken out of the text. */
export function readActions(draft: Draft): void {
  if (take(draft, new RegExp(String.raw`\b(?:${INVITES})(?= |$)`)) !== null) {
    draft.actions.push('calendar.events.insert', 'calendar.events.patch');
    const isCounted = draft.people !== null || draft.conditions.some(({ kind }) => kind === 'guest_count');
    if (!isCounted) draft.conditions.push({ kind: 'guest_count', moreThan: 0 });
  }
  takeAll(draft, PHRASE, ([whole, verbs = '', nouns = '']) => readPhrase(draft, whole, verbs, nouns));
  readService(draft);
  readWriteTo(draft);
  if (isToPeople(draft) && take(draft, MAIL_TO) !== null) draft.actions.push('gmail.messages.send');
  for (const [pattern, actions] of ALONE)
    if (take(draft, new RegExp(String.raw`\b(?:${pattern})(?= |$|(?<= ))`)) !== null)
      draft.actions.push(...actions);
  if (draft.service !== null) narrow(draft, draft.service);
}

function readPhrase(draft: Draft, whole: string, verbs: string, nouns: string): void {
  for (const verb of splitList(verbs)) {
    for (const noun of splitList(nouns)) {
      const bare = noun.replace(new RegExp(`^${DETERMINER}`), '');
      const found = meaningOf(verb, bare);
      if (SERVICES.has(bare)) draft.service = SERVICES.get(bare) ?? null;
      if (found === undefined)
        stop(
          draft,
          refuse(`I know no action that is “${whole.trim()}”. See the actions in App Home, Policy.`),
        );
      draft.actions.push(...(found ?? []));
    }
  }
}

function meaningOf(verb: string, noun: string): readonly string[] | undefined {
  const isOf = (table: Readonly<Record<string, string>>, word: string): string | undefined =>
    Object.entries(table).find(([, pattern]) => new RegExp(`^(?:${pattern})$`).test(word))?.[0];
  const [does, what] = [isOf(VERBS, verb) as Verb | undefined, isOf(NOUNS, noun) as Noun | undefined];
  return does === undefined || what === undefined ? undefined : MEANINGS[what][does];
}

function readService(draft: Draft): void {
  takeAll(draft, SERVICE, ([, name = '']) => {
    const service = SERVICES.get(name) ?? name;
    if (draft.service !== null && draft.service !== service)
      stop(
        draft,
        ask('One rule is about one service, or about actions that you name. Which one do you mean?'),
      );
    draft.service = service;
  });
}

/** Whether the sentence says who is written to. */
function isToPeople({ conditions, people }: Draft): boolean {
  return people !== null || conditions.some(({ kind }) => kind.startsWith('recipient'));
}

/** "Write to acme/website" is about whatever is written there, "write to anyone outside acme.com" is mail. */
function readWriteTo(draft: Draft): void {
  const write = new RegExp(String.raw`\b${VERBS.write}(?: to| in| into| on)?(?= |$)`);
  if (!write.test(draft.rest)) return;
  const kinds = new Set(draft.conditions.map(({ kind }) => kind));
  const isRepository = kinds.has('repository') || kinds.has('repository_visibility');
  take(draft, write);
  if (isRepository || draft.service !== null) draft.actions.push('risk:write');
  else if (isToPeople(draft)) draft.actions.push('gmail.messages.send');
  else stop(draft, ask('Write what: mail, calendar events, or to a repository?'));
}

/** "No mail": it is said with what, but not what is done to it. */
export function findBareNoun({ actions, rest }: Draft): Reading | null {
  const noun = actions.length > 0 ? null : new RegExp(String.raw`(?:^| )(${NOUN})(?= |$)`).exec(rest);
  if (noun === null || new RegExp(String.raw`\b${VERB}\b`).test(rest)) return null;
  return ask(`Before doing what with ${noun[1]}: sending or creating, changing, deleting, or reading?`);
}

/** "Delete anything in Google Calendar": of a group of actions, those of the service that was named. */
function narrow(draft: Draft, service: string): void {
  const actions = draft.actions.splice(0);
  const inService = draft.catalog.filter((entry) => entry.service === service);
  for (const pattern of actions) {
    if (pattern === '*') draft.actions.push(`service:${service}`);
    else if (pattern.startsWith('risk:'))
      draft.actions.push(...inService.filter((entry) => coversAction([pattern], entry)).map(({ id }) => id));
    else draft.actions.push(pattern);
  }
  const isElsewhere = draft.actions.some(
    (pattern) => !pattern.startsWith('service:') && !inService.some(({ id }) => id === pattern),
  );
  if (isElsewhere)
    stop(draft, ask('What you name belongs to different services. Say each as a rule of its own.'));
  if (actions.length > 0 && draft.actions.length === 0)
    stop(draft, refuse('There is no such action in that service. See the actions in App Home, Policy.'));
  draft.rest = draft.rest.replaceAll(`${MARK} ${MARK}`, MARK);
}
