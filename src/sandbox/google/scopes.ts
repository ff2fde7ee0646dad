const BASE = 'https://www.googleapis.com/auth/';

/** Every scope the stand-in knows, in words of the consent page. Others are refused as `invalid_scope`. */
const KNOWN: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  [`${BASE}userinfo.email`]: 'See your e-mail address',
  [`${BASE}userinfo.profile`]: 'See your name',
  [`${BASE}calendar`]: 'See, change, share and delete all your calendars',
  [`${BASE}calendar.readonly`]: 'See your calendars',
  [`${BASE}calendar.events`]: 'See and change events on your calendars',
  [`${BASE}calendar.events.owned`]: 'See and change events on calendars you own',
  [`${BASE}calendar.events.readonly`]: 'See events on your calendars',
  [`${BASE}calendar.freebusy`]: 'See when you are free or busy',
  [`${BASE}calendar.events.freebusy`]: 'See when you are free or busy on calendars you can open',
  [`${BASE}calendar.calendarlist`]: 'See and change the list of your calendars',
  [`${BASE}calendar.calendarlist.readonly`]: 'See the list of your calendars',
  [`${BASE}calendar.calendars.readonly`]: 'See names and settings of your calendars',
  [`${BASE}calendar.acls`]: 'See and change who your calendars are shared with',
  [`${BASE}calendar.acls.readonly`]: 'See who your calendars are shared with',
  'https://mail.google.com/': 'Read, write, send and delete all your mail',
  [`${BASE}gmail.modify`]: 'Read, write and send your mail',
  [`${BASE}gmail.readonly`]: 'Read your mail',
  [`${BASE}gmail.metadata`]: 'See headers and labels of your mail',
  [`${BASE}gmail.compose`]: 'Write drafts and send mail',
  [`${BASE}gmail.send`]: 'Send mail as you',
  [`${BASE}gmail.labels`]: 'See and change your mail labels',
};

const SHORT: Readonly<Record<string, string>> = {
  email: `${BASE}userinfo.email`,
  profile: `${BASE}userinfo.profile`,
};

const calendar = (...names: string[]): string[] => ['calendar', ...names].map((name) => BASE + name);
const mail = (...names: string[]): string[] => [
  'https://mail.google.com/',
  ...['gmail.modify', ...names].map((name) => BASE + name),
];

/** Any one of these lets the method through, as the discovery documents of both APIs list them. */
export const ACCEPTED = {
  calendarList: calendar('calendar.readonly', 'calendar.calendarlist', 'calendar.calendarlist.readonly'),
  calendars: calendar('calendar.readonly', 'calendar.calendars', 'calendar.calendars.readonly'),
  acl: calendar('calendar.acls', 'calendar.acls.readonly'),
  readEvents: calendar(
    'calendar.readonly',
    'calendar.events',
    'calendar.events.readonly',
    'calendar.events.owned',
  ),
  writeEvents: calendar('calendar.events', 'calendar.events.owned'),
  freeBusy: calendar('calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'),
  profile: mail('gmail.readonly', 'gmail.compose', 'gmail.metadata'),
  readMail: mail('gmail.readonly', 'gmail.metadata'),
  labels: mail('gmail.readonly', 'gmail.metadata', 'gmail.labels'),
  send: mail('gmail.compose', 'gmail.send'),
  readDrafts: mail('gmail.readonly', 'gmail.compose'),
  writeDrafts: mail('gmail.compose'),
} as const satisfies Record<string, readonly string[]>;

export function describeScope(scope: string): string {
  return KNOWN[scope] ?? scope;
}

/** Space-separated scopes in Google's long form, each once; `unknown` are those Google would refuse. */
export function parseScopes(text: string): { scopes: string[]; unknown: string[] } {
  const scopes = [...new Set(text.split(/\s+/).filter(Boolean))].map((scope) => SHORT[scope] ?? scope);
  return { scopes: [...new Set(scopes)], unknown: scopes.filter((scope) => !(scope in KNOWN)) };
}

/** Identity scopes are granted together with the account and cannot be unticked. */
export function isIdentityScope(scope: string): boolean {
  return scope === 'openid' || scope.startsWith(`${BASE}userinfo.`);
}
