import { OTHER, type EventKind } from './kind.ts';

/** The desk itself: policy, stops, access, the log. */
export const DESK_EVENTS = {
  'policy.proposed': {
    about:
      'A change to the policy was proposed. The outcome says whether it tightens or loosens, the reason how.',
    detail: {
      version: 'id of the version',
      base: 'number of the version it changes',
      source: 'where it was written',
      diff: 'the changes, a sentence each',
    },
    ocsf: [3004, 1],
  },
  'policy.activated': {
    about: 'A version of the policy came into force.',
    detail: {
      version: 'id of the version',
      replaces: 'number of the version before',
      content: 'sha256 over its rules and its Cedar text',
      approval: 'id of the approval',
    },
    ocsf: [3004, 3],
  },
  'policy.rejected': {
    about: 'A proposed change was turned down.',
    detail: { version: 'id of the version', approval: 'id of the approval' },
    ocsf: [3004, OTHER],
  },
  'policy.refused': {
    about: 'A change to the policy was not taken.',
    detail: {
      base: 'number of the version it changes',
      source: 'where it was written',
      attack: 'true when it can only be an attack',
    },
    ocsf: [3004, OTHER],
  },
  'desk.stopped': {
    about: 'Nothing new runs, for a member, a workspace or all.',
    detail: {},
    ocsf: [3004, 3],
  },
  'desk.resumed': { about: 'A stop was lifted.', detail: {}, ocsf: [3004, 3] },
  'access.refused': {
    about: 'Someone who may not use the desk tried to.',
    detail: { team: 'their Slack team' },
    ocsf: [3002, 1],
  },
  'audit.read': {
    about:
      "An admin opened others' entries. The target is the view: home, command, call, insights, file or replay.",
    detail: { filter: 'what was looked for' },
    ocsf: [6003, 2],
  },
  'audit.exported': {
    about: 'The log was exported.',
    detail: {
      size: 'leaves in it',
      from: 'start of the filter',
      to: 'end of the filter',
      member: 'member of the filter',
      filter: 'the whole filter, of a file asked for in Slack',
      format: 'csv or jsonl, of a file asked for in Slack',
    },
    ocsf: [6003, 2],
  },
  'audit.finding': {
    about: 'A check of the log found something.',
    detail: { key: 'kind and place' },
    ocsf: [3004, OTHER],
  },
  'audit.held': {
    about: 'A legal hold on a member or, without one, on the workspace was placed or lifted.',
    detail: {},
    ocsf: [3004, OTHER],
  },
  'audit.pruned': {
    about:
      'Old events were dropped, after an export; the leaves stay. The outcome, `before_N`, names the first index after them.',
    detail: { until: 'time of the last of them', events: 'how many they were' },
    ocsf: [3004, 4],
  },
  'member.left': {
    about:
      'A member left Slack, AgentDesk was removed from their workspace, or an operator ended their use of it: what waited is void, their accounts are disconnected.',
    detail: { accounts: 'how many accounts were disconnected' },
    ocsf: [3001, OTHER],
  },
  'member.erased': {
    about: 'What the log said of a member was erased; the leaves stay.',
    detail: { pseudonym: 'what the leaves call them', events: 'how many events were blanked' },
    ocsf: [3004, 4],
  },
} as const satisfies Record<string, EventKind>;
