import { findNever } from '../lint/never-applies.ts';
import { listActions } from '../rules/patterns.ts';
import type { Condition, RuleOutcome } from '../rules/types.ts';
import type { CatalogEntry } from '../types.ts';
import { findBareNoun, readActionIds, readActions } from './actions.ts';
import { readDays } from './days.ts';
import { readDomains } from './domains.ts';
import { stop, type Draft } from './draft.ts';
import { readHours } from './hours.ts';
import { findLeftover } from './leftovers.ts';
import { readOrigins } from './origins.ts';
import { readOutcome } from './outcomes.ts';
import { readPlaces } from './places.ts';
import { ask, refuse, type Reading, type SpokenRule } from './reading.ts';
import { readRecipients } from './recipients.ts';
import { readWhom } from './whom.ts';

/** How a sentence is read. */
export interface Listening {
  readonly catalog: readonly CatalogEntry[];
  /** Whether it is a member's own rule, else the organisation's. */
  readonly isOwn: boolean;
}

/**
 * Reads one English sentence as a rule, by a grammar of our own and without any network. It understands every word of
 * the sentence or makes no rule of it.
 */
export function readByGrammar(sentence: string, { catalog, isOwn }: Listening): Reading {
  const draft: Draft = {
    catalog,
    rest: normalize(sentence),
    actions: [],
    conditions: [],
    roles: [],
    groups: [],
    agents: [],
    people: null,
    service: null,
    stop: null,
  };
  if (draft.rest === '')
    return ask('What should I ask about, or never do? Such as: Ask before sending mail.');
  readActionIds(draft);
  readWhom(draft, isOwn);
  readOrigins(draft);
  readPlaces(draft);
  readHours(draft);
  readDays(draft);
  readRecipients(draft);
  readDomains(draft);
  // Until here only conditions were taken.
  if (/\| or (?:\||(?:when|if|on|in|to|with)\b)/.test(draft.rest))
    stop(
      draft,
      ask('A rule holds when all of what it names holds, not either of it. Say each as a rule of its own.'),
    );
  const outcome = readOutcome(draft);
  readActions(draft);
  readPeople(draft);
  return draft.stop ?? findBareNoun(draft) ?? findLeftover(draft) ?? finish(draft, outcome);
}

function finish(draft: Draft, outcome: RuleOutcome | null): Reading {
  const actions = [...new Set(draft.actions)];
  if (outcome === null && actions.length === 0 && draft.conditions.length === 0)
    return refuse(
      'I find no rule in that. Say what to do before which action, such as: Ask before sending mail.',
    );
  if (outcome === null) return ask('And what then: ask, ask on a second device, or never do it?');
  if (actions.length === 0)
    return ask(
      'Before doing what? Such as sending mail, creating issues, inviting people, or doing anything.',
    );
  const kinds = draft.conditions.map(({ kind }) => kind);
  // External and never written to before: that both hold is what is meant.
  const twice = kinds.find((kind, index) => kind !== 'recipients' && kinds.indexOf(kind) !== index);
  if (twice !== undefined)
    return ask(
      `That says two things about ${TWICE[twice]}, and both would have to hold at once. Say each as a rule of its own.`,
    );
  const { roles, groups, agents, conditions } = draft;
  const rule: SpokenRule = { outcome, agents, who: { roles, groups }, actions, conditions };
  return judgeSpoken(rule, draft.catalog);
}

/** A rule that can never apply, or that asks of reading whom it is sent to, is told as such. */
export function judgeSpoken(rule: SpokenRule, catalog: readonly CatalogEntry[]): Reading {
  const isToPeople = rule.conditions.some(
    ({ kind }) => kind.startsWith('recipient') || kind === 'guest_count',
  );
  if (isToPeople && listActions(rule.actions, catalog).every(({ risk }) => risk === 'read'))
    return refuse(
      'Reading is sent to nobody, so a rule about recipients or guests has nothing to hold on to there.',
    );
  const never = findNever({ ...rule, id: 'spoken', note: '' }, catalog, null);
  return never === null ? { kind: 'rule', rule } : refuse(`Such a rule could never apply: ${never}.`);
}

const TWICE: Readonly<Record<Condition['kind'], string>> = {
  recipients: 'the recipients',
  recipient_domain: 'the domains of recipients',
  recipient_count: 'the number of recipients',
  guest_count: 'the number of guests',
  hours: 'the hours',
  weekdays: 'the days',
  surface: 'where I am asked',
  provenance: 'where a target comes from',
  repository: 'the repositories',
  repository_visibility: 'the repositories',
  labels: 'the labels',
  calendar_shared: 'the calendar',
  account_domain: 'the account',
};

/** "People" are guests of events and recipients of mail. */
function readPeople(draft: Draft): void {
  if (draft.people === null) return;
  const services = new Set(draft.actions.map((action) => action.replace('service:', '').split('.')[0]));
  const [only] = services;
  if (services.size === 1 && only === 'calendar')
    draft.conditions.push({ kind: 'guest_count', moreThan: draft.people });
  else if (services.size === 1 && only === 'gmail')
    draft.conditions.push({ kind: 'recipient_count', moreThan: draft.people });
  else stop(draft, ask('More than so many recipients of mail, or guests of an event?'));
}

/** Lower case, plain quotes, single spaces, and no full stop at the end. */
function normalize(sentence: string): string {
  return sentence
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\s*([,;:])(?=\s|$)/g, ' $1')
    .replace(/\s+/g, ' ')
    .replace(/[.!?;\s]+$/, '')
    .trim();
}
