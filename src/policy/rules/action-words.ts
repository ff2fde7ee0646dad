/** The same doing in two forms: "Never send mail", "Ask before sending mail". */
export interface ActionWords {
  readonly plain: string;
  readonly gerund: string;
}

const SERVICES: ReadonlyMap<string, string> = new Map(
  Object.entries({ gmail: 'Gmail', calendar: 'Calendar', github: 'GitHub' }),
);

const KNOWN: Readonly<Record<string, ActionWords>> = {
  '*': words('do', 'doing', 'anything'),
  'risk:read': words('read', 'reading', 'anything'),
  'risk:write': words('write', 'writing', 'anything'),
  'risk:delete': words('delete', 'deleting', 'anything'),
  'calendar.events.list': words('read', 'reading', 'calendar events'),
  'calendar.freebusy.query': words('look up', 'looking up', 'free and busy times'),
  'calendar.events.insert': words('create', 'creating', 'calendar events'),
  'calendar.events.patch': words('change', 'changing', 'calendar events'),
  'gmail.messages.list': words('search', 'searching', 'mail'),
  'gmail.messages.get': words('read', 'reading', 'mail'),
  'gmail.drafts.create': words('write', 'writing', 'mail drafts'),
  'gmail.messages.send': words('send', 'sending', 'mail'),
  'github.issues.createComment': words('comment on', 'commenting on', 'issues'),
};

/** For the ids of actions to come: their last part says what is done to the one before. */
const VERBS: Readonly<Record<string, readonly [plain: string, gerund: string]>> = {
  list: ['list', 'listing'],
  get: ['read', 'reading'],
  query: ['look up', 'looking up'],
  search: ['search', 'searching'],
  create: ['create', 'creating'],
  insert: ['add', 'adding'],
  patch: ['change', 'changing'],
  update: ['change', 'changing'],
  send: ['send', 'sending'],
  delete: ['delete', 'deleting'],
};
const NOUNS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    repos: 'repositories',
    events: 'calendar events',
    messages: 'messages',
  }),
);

/** @param pattern an action id, `service:…`, `risk:…` or `*` */
export function describePattern(pattern: string): ActionWords {
  const known = Object.hasOwn(KNOWN, pattern) ? KNOWN[pattern] : undefined;
  if (known) return known;
  if (pattern.startsWith('service:')) {
    const name = pattern.slice('service:'.length);
    return words('use', 'using', SERVICES.get(name) ?? name);
  }
  const [verb = '', noun = ''] = pattern.split('.').reverse();
  const forms = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  return forms === undefined ? words('use', 'using', pattern) : words(...forms, NOUNS.get(noun) ?? noun);
}

function words(plain: string, gerund: string, what: string): ActionWords {
  return { plain: `${plain} ${what}`, gerund: `${gerund} ${what}` };
}
