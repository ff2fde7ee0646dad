/** What a route answers; no body when there is none. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** `application/json` unless it is a problem. */
  readonly type?: string;
}

/**
 * Problem details (RFC 9457) with Auth0's member names for the My Account API.
 * @param code stable, for programs; `detail` is for people
 */
export function problem(status: number, code: string, title: string, detail: string): Reply {
  return {
    status,
    type: 'application/problem+json',
    body: { type: `urn:agentdesk:my-account:${code}`, title, status, detail },
  };
}
