import { OTHER, type EventKind } from './kind.ts';

const transition = {
  transition: "name of the change of the call's state",
  policy_version: 'version that decided it',
  attempt: 'id of the attempt',
  approval: 'id of the approval',
  tier: 'approve or approve_strong',
  reconciled: 'true when it was read back from the provider',
  resolved_by: 'member who looked and said what happened',
  link: 'where to see it at the provider',
  ms: 'milliseconds it took',
};

/** Messages, turns and calls. */
export const CALL_EVENTS = {
  'message.received': {
    about: 'A member wrote to the agent.',
    detail: {
      channel: 'Slack channel',
      surface: 'dm or channel',
      text: 'sha256, length and the first 80 characters',
    },
    ocsf: [6003, 1],
  },
  'turn.ended': {
    about: 'Everything for a message is done.',
    detail: { ms: 'milliseconds since the message' },
    ocsf: [6003, OTHER],
  },
  'call.proposed': {
    about: 'The agent wants to use an action; the arguments are fixed.',
    detail: {
      revision: '0, or the number of edits',
      args_sha256: 'digest of the call',
      args_bytes: 'length of the arguments',
      title: 'the action in words',
      line: 'what and to whom, one line',
      targets: 'where it goes: kind and value, the first ten',
      more_targets: 'how many more there are',
      content:
        'each argument: label, sha256, length and a short beginning with what looks like a secret left out',
    },
    ocsf: [6003, 1],
  },
  'call.decided': {
    about:
      'The policy, then where asked a person, decided the call. The outcome is the decision, the reason the rules.',
    detail: {
      ...transition,
      rules: 'rules that decided: id, effect and reason',
      problem: 'what the policy could not evaluate',
    },
    ocsf: [3004, OTHER],
  },
  'call.claimed': {
    about: 'The call begins: from here on it may have an effect.',
    detail: transition,
    ocsf: [6003, 3],
  },
  'call.settled': { about: 'What became of the call.', detail: transition, ocsf: [6003, 3] },
  'call.refused': {
    about: 'A call was not taken, or stopped at the claim.',
    detail: {
      tool_call_id: "the model's id of it",
      at: 'claim',
      attack: 'true when it can only be an attack',
    },
    ocsf: [6003, OTHER],
  },
} as const satisfies Record<string, EventKind>;
