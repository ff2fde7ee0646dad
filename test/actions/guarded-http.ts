import type { Http, RequestRule } from '../../src/actions/action.ts';
import { DeskError } from '../../src/errors.ts';

export interface Sent {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export interface GuardedHttp {
  readonly http: Http;
  readonly sent: Sent[];
}

/**
 * What a lease does to requests, in small: refuses what no rule allows, adds the credential, and sends the rest
 * to `origin` instead of the provider.
 */
export function createGuardedHttp(
  rules: readonly RequestRule[],
  origin: string,
  token = 'none',
): GuardedHttp {
  const used = new Map<RequestRule, number>();
  const sent: Sent[] = [];
  const http: Http = async (input, init = {}) => {
    const url = new URL(String(input));
    const method = init.method ?? 'GET';
    const headers = new Headers(init.headers);
    const rule = rules.find(
      (candidate) =>
        candidate.method === method && candidate.host === url.host && matches(candidate.path, url.pathname),
    );
    if (url.protocol !== 'https:' || rule === undefined) {
      throw new DeskError('lease_refused', { reason: `${method} ${url.host}${url.pathname}` });
    }
    used.set(rule, (used.get(rule) ?? 0) + 1);
    if ((used.get(rule) ?? 0) > rule.max)
      throw new DeskError('lease_refused', { reason: `more than ${rule.max}` });
    if (headers.has('authorization'))
      throw new DeskError('lease_refused', { reason: 'a credential of its own' });
    const body = typeof init.body === 'string' ? init.body : '';
    sent.push({
      method,
      host: url.host,
      path: url.pathname + url.search,
      headers: new Headers(headers),
      body,
    });
    headers.set('authorization', `Bearer ${token}`);
    return fetch(new URL(url.pathname + url.search, origin), { ...init, headers });
  };
  return { http, sent };
}

/** `{name}` stands for exactly one segment. */
function matches(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]))
  );
}
