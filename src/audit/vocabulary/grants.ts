import { OTHER, type EventKind } from './kind.ts';

const GRANT = { grant: 'id of the grant' };

/** Bounded grants: what a member allowed again, and what became of it. The code is the grant's. */
export const GRANT_EVENTS = {
  'grant.proposed': {
    about: 'A member wants to allow something again without being asked. Nothing is allowed yet.',
    detail: {
      ...GRANT,
      tier: 'approve or approve_strong',
      max_uses: 'how often it may be used',
      expires_at: 'until when',
      from: 'id of the call whose card it was asked from',
    },
    ocsf: [3004, 1],
  },
  'grant.activated': {
    about: 'A grant was approved and counts from now on.',
    detail: { ...GRANT, approval: 'id of the approval' },
    ocsf: [3004, 3],
  },
  'grant.refused': {
    about: 'A grant was not approved, or its approval does not fit it.',
    detail: { ...GRANT, approval: 'id of the approval', attack: 'true when it can only be an attack' },
    ocsf: [3004, OTHER],
  },
  'grant.used': {
    about: 'A call was claimed by a grant instead of an approval. Call and code are the call’s.',
    detail: {
      ...GRANT,
      code: 'code of the grant',
      use: 'which use it is',
      max_uses: 'how often it may be used',
    },
    ocsf: [3004, OTHER],
  },
  'grant.ended': {
    about: 'A grant counts no longer: revoked, stopped, or the policy, the account or the link changed.',
    detail: { ...GRANT, uses: 'how often it was used' },
    ocsf: [3004, 4],
  },
} as const satisfies Record<string, EventKind>;
