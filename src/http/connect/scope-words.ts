const GOOGLE = 'https://www.googleapis.com/auth/';

/** What a permission lets AgentDesk do, in the words of a person. */
const WORDS: Readonly<Record<string, string>> = {
  [`${GOOGLE}gmail.readonly`]: 'Read your mail',
  [`${GOOGLE}gmail.compose`]: 'Write drafts and send mail as you',
  [`${GOOGLE}calendar.events`]: 'See, add, change and delete events on your calendars',
  [`${GOOGLE}calendar.events.readonly`]: 'See the events on your calendars',
  [`${GOOGLE}calendar.freebusy`]: 'See when you are free or busy',
  [`${GOOGLE}calendar.acls.readonly`]: 'See who your calendars are shared with',
  repo: 'Read and change all your repositories, private ones too: GitHub offers nothing narrower for issues',
};

const SERVICES: Readonly<Record<string, string>> = { 'google-oauth2': 'Google', github: 'GitHub' };

/** A permission we have no words for is shown as the provider names it: never left out. */
export function describeScope(scope: string): string {
  return WORDS[scope] ?? scope;
}

export function nameProvider(connection: string): string {
  return SERVICES[connection] ?? connection;
}
