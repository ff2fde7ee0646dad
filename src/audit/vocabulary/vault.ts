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
      sent_sha256: 'digest of the body that left, if there was one',
      sent_bytes: 'its length',
      ms: 'milliseconds to the answer',
    },
    ocsf: [6003, OTHER],
  },
  'link.requested': {
    about:
      "A link was made for a member to be linked to an identity at the tenant. The target is the tenant's issuer.",
    detail: { request: 'id of the link' },
    ocsf: [3001, OTHER],
  },
  'link.made': {
    about: 'A member was linked to an identity at the tenant, anew or to another one than before.',
    detail: {
      request: 'id of the link',
      subject: 'who they are at the tenant',
      moved: 'whether they were linked to another identity',
      proved_by: 'how the browser proved to be the member',
    },
    ocsf: [3001, OTHER],
  },
  'link.refused': {
    about: 'A member was not linked, or waits for an admin or an approval.',
    detail: { request: 'id of the link' },
    ocsf: [3001, OTHER],
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
    about: 'An account was disconnected: nothing can use it any more. Its revocation follows.',
    detail: { label: 'name of the account' },
    ocsf: [3005, 2],
  },
  'account.revoked': {
    about:
      'The vault was told to revoke a disconnected account at the provider. The outcome says whether it was, or is tried again.',
    detail: { label: 'name of the account', attempt: 'how often it was tried' },
    ocsf: [3005, 2],
  },
  'link.removed': {
    about: "A member's link to their identity at the vault ended. The target is the issuer.",
    detail: { subject: 'who they were there' },
    ocsf: [3001, OTHER],
  },
} as const satisfies Record<string, EventKind>;
