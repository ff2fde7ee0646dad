import type { RequestRule } from '../action.ts';

type Method = RequestRule['method'];

/** Rule for one Google Calendar request; `path` follows `/calendar/v3`. */
export function calendarRule(method: Method, path: string, max = 1): RequestRule {
  return { method, host: 'www.googleapis.com', path: `/calendar/v3${path}`, max };
}

/** Rule for one Gmail request; `path` follows the mailbox of the account itself. */
export function gmailRule(method: Method, path: string, max = 1): RequestRule {
  return { method, host: 'gmail.googleapis.com', path: `/gmail/v1/users/me${path}`, max };
}

export function githubRule(method: Method, path: string, max = 1): RequestRule {
  return { method, host: 'api.github.com', path, max };
}
