import { OTHER, type EventKind } from './kind.ts';

const lease = { lease: 'id of the lease', kind: 'perform, inspect, reconcile or disconnect' };

/** Leases, tokens, requests to providers, and accounts. */
export const VAULT_EVENTS = {
  'lease.opened': {
    about: 'A right to send a bounded set of requests. The target is the connection.',
    detail: { ...lease, scopes: 'scopes asked for', expires_at: 'until when' },
    ocsf: [3005, 1],
  },
  'lease.ended': { about: 'The right ended.', detail: lease, ocsf: [3005, 2] },
  'lease.refused': {
    about: 'A request outside the lease; nothing was sent.',
    detail: lease,
    ocsf: [6003, OTHER],
  },
  'token.exchanged': {
    about: 'A token for one lease was asked of the vault. The target is the connection.',
    detail: {
      ...lease,
      scopes_asked: 'scopes asked for',
      scopes_returned: 'scopes got',
      expires_at: 'until when the token is good',
      error: "the vault's code",
      ms: 'milliseconds it took',
    },
    ocsf: [3002, OTHER],
  },
  'provider.requested': {
    about: 'A request left the house.',
    detail: {
      ...lease,
      method: 'HTTP method',
      host: 'host',
      path: 'template of the path',
      status: 'HTTP status',
      ms: 'milliseconds to the answer',
    },
    ocsf: [6003, OTHER],
  },
  'account.connect_requested': {
    about: 'A link to connect an account was made.',
    detail: { request: 'id of the link', scopes: 'scopes asked for' },
    ocsf: [3005, OTHER],
  },
  'account.connected': {
    about: 'An account was connected.',
    detail: {
      request: 'id of the link',
      label: 'name of the account',
      scopes: 'scopes granted',
      proved_by: 'how the browser proved to be the member',
    },
    ocsf: [3005, 1],
  },
  'account.connect_refused': {
    about: 'An account was not connected, or waits for an admin.',
    detail: { request: 'id of the link', label: 'name of the account' },
    ocsf: [3005, OTHER],
  },
  'account.disconnected': {
    about: 'An account was disconnected.',
    detail: { label: 'name of the account', lease: lease.lease },
    ocsf: [3005, 2],
  },
} as const satisfies Record<string, EventKind>;
