/** What is done, whatever it is done to. */
export const VERBS = {
  send: '(?:send|sends|sending|reply|replying|forward|forwarding)',
  create:
    '(?:create|creates|creating|open|opening|file|filing|add|adding|make|making|insert|inserting|schedule|scheduling|book|booking|post|posting)',
  change:
    '(?:change|changes|changing|update|updating|edit|editing|move|moving|reschedule|rescheduling|modify|modifying|close|closing|reopen|reopening|assign|assigning|alter|altering)',
  delete: '(?:delete|deletes|deleting|remove|removing|cancel|cancelling|canceling|erase|erasing)',
  read: '(?:read|reads|reading|see|seeing|list|listing|search|searching|view|viewing|look at|looking at|look up|looking up)',
  comment: '(?:comment|comments|commenting)',
  use: '(?:use|uses|using|touch|touching|access|accessing|do|does|doing)',
  write: '(?:write|writes|writing)',
} as const;
/** What it is done to. The longer words stand first. */
export const NOUNS = {
  draft: '(?:(?:e-?mail |mail )?drafts?(?: e-?mails?| mails?)?)',
  mail: '(?:(?:e-?)?mails?|messages?|replies|reply)',
  event: '(?:calendar (?:events?|entries)|events?|meetings?|appointments?|invitations?|invites?)',
  calendar: '(?:calendars?)',
  comment: '(?:comments?)',
  issue: '(?:(?:github )?(?:issues?|tickets?|bugs?))',
  service: '(?:gmail|github|google calendar)',
  anything: '(?:anything|everything|something|things|stuff)',
} as const;

export type Verb = keyof typeof VERBS;
export type Noun = keyof typeof NOUNS;

const ISSUE_WRITES = ['github.issues.create', 'github.issues.createComment', 'github.issues.update'];
const MAIL_READS = ['gmail.messages.list', 'gmail.messages.get'];
const EVENT_READS = ['calendar.events.list', 'calendar.freebusy.query'];
const EVENT_WRITES = ['calendar.events.insert', 'calendar.events.patch'];

/**
 * Which actions a verb and a noun mean. A pair that is not here is no action of any provider, as far as we know: it
 * is asked about.
 */
export const MEANINGS: Readonly<Record<Noun, Readonly<Partial<Record<Verb, readonly string[]>>>>> = {
  draft: { create: ['gmail.drafts.create'], write: ['gmail.drafts.create'], send: ['gmail.messages.send'] },
  mail: {
    send: ['gmail.messages.send'],
    write: ['gmail.messages.send'],
    read: MAIL_READS,
    use: ['service:gmail'],
  },
  event: {
    create: ['calendar.events.insert'],
    change: ['calendar.events.patch'],
    delete: ['calendar.events.delete'],
    read: EVENT_READS,
    write: EVENT_WRITES,
    send: EVENT_WRITES,
    use: ['service:calendar'],
  },
  calendar: {
    read: EVENT_READS,
    change: [...EVENT_WRITES, 'calendar.events.delete'],
    write: EVENT_WRITES,
    use: ['service:calendar'],
  },
  comment: { create: ['github.issues.createComment'], write: ['github.issues.createComment'] },
  issue: {
    create: ['github.issues.create'],
    comment: ['github.issues.createComment'],
    change: ['github.issues.update'],
    read: ['github.issues.list', 'github.issues.get'],
    write: ISSUE_WRITES,
    use: ['service:github'],
  },
  service: { use: ['*'], read: ['risk:read'], write: ['risk:write'], change: ['risk:write', 'risk:delete'] },
  anything: {
    create: ['risk:write'],
    write: ['risk:write'],
    change: ['risk:write', 'risk:delete'],
    delete: ['risk:delete'],
    read: ['risk:read'],
    use: ['*'],
  },
};

/** Verbs that say what they are done to. */
export const ALONE: readonly (readonly [pattern: string, actions: readonly string[]])[] = [
  [
    String.raw`(?:e-?)?mailing|(?:e-?)?mails? (?=(?:to )?(?:anyone|anybody|people|someone|somebody|everyone))|replying to mail|writing mail`,
    ['gmail.messages.send'],
  ],
  ['drafting', ['gmail.drafts.create']],
  ['commenting', ['github.issues.createComment']],
  ['scheduling|booking', ['calendar.events.insert']],
  ['(?:deleting|delete|deletions?)', ['risk:delete']],
  ['(?:making |any )?changes', ['risk:write', 'risk:delete']],
];
/** Inviting is a matter of guests, whatever else changes in the event. */
export const INVITES = String.raw`inviting|invite|adding guests|sending (?:calendar )?(?:invitations|invites)`;
