import { OTHER, type EventKind } from './kind.ts';

const factorRequest = { request: 'id of the one-time link' };

/** Questions to people, and their second devices. */
export const APPROVAL_EVENTS = {
  'approval.requested': {
    about: 'A person is asked.',
    detail: {
      tier: 'approve or approve_strong',
      issuer: 'authority that asks',
      policy_version: 'version that asks for it',
      expires_at: 'until when it can be answered',
    },
    ocsf: [3004, 1],
  },
  'approval.shown': {
    about: 'The approver opened all of it.',
    detail: { approval: 'id of the approval', pages: 'pages shown', ms: 'milliseconds since it was asked' },
    ocsf: [3004, 2],
  },
  'approval.decided': {
    about: 'The person answered, or time ran out. The actor is who decided.',
    detail: {
      from: 'message, home, command or device',
      channel: 'Slack channel',
      seconds: 'seconds from question to answer',
      ms: 'the same in milliseconds',
      tier: 'approve or approve_strong',
      second_device: 'tenant or passkey, when one has to follow',
      faster_than_reading: 'true when it came sooner than the card can be read',
      verifier: 'what checked it',
    },
    ocsf: [3004, 3],
  },
  'approval.proved': {
    about: "The authority's signed answer was verified.",
    detail: {
      issuer: 'authority',
      jti: 'id of its token',
      verifier: 'what checked it',
      ms: 'milliseconds since the answer',
    },
    ocsf: [3002, OTHER],
  },
  'approval.device_asked': {
    about: "The tenant was told to ask the member's own device.",
    detail: {
      issuer: 'the tenant',
      subject: 'who the member is there',
      expires_at: 'until when the device can answer',
      attempt: 'how often it was asked about this',
    },
    ocsf: [3002, OTHER],
  },
  'approval.confirmed': {
    about: 'A second device confirmed it: a passkey, or the device that the tenant asked.',
    detail: {
      issuer: 'the tenant that asked the device',
      subject: 'who the member is there',
      jti: 'id of its token',
      passkey: 'short id of the passkey',
      challenge: 'id of what was signed',
      rp: 'relying party',
      ms: 'milliseconds since the click',
    },
    ocsf: [3002, OTHER],
  },
  'approval.refused': {
    about: 'An answer was not taken.',
    detail: {
      decision: 'approve or deny',
      from: 'message, home or command',
      channel: 'Slack channel',
      at: 'where',
      attack: 'true when it can only be an attack',
    },
    ocsf: [3004, OTHER],
  },
  'factor.enrolled': {
    about: 'A passkey was made, or a linked identity is to count as a second device.',
    detail: {
      counts_from: 'from when on it counts',
      transports: 'how it is reached',
      issuer: 'the tenant of the identity',
    },
    ocsf: [3001, 10],
  },
  'factor.vouched': {
    about: 'An admin made a second device count at once.',
    detail: factorRequest,
    ocsf: [3001, 10],
  },
  'factor.removed': { about: 'A passkey was removed.', detail: factorRequest, ocsf: [3001, 11] },
  'factor.refused': {
    about: 'A second device was not taken.',
    detail: { kind: 'enrol, remove or vouch' },
    ocsf: [3001, OTHER],
  },
} as const satisfies Record<string, EventKind>;
