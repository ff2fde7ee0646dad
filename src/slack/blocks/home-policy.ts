import type { types } from '@slack/bolt';
import type { Outcome } from '../../policy/types.ts';
import type { PolicyLine, Verdict } from '../home/describe-policy.ts';
import { header, note, oneLine, plainSection } from './text.ts';

const WORDS: Readonly<Record<Outcome, string>> = {
  allow: 'done at once',
  approve: 'needs your approval',
  approve_strong: 'needs your approval on a second device',
  deny: 'never done',
};

const MOST_LINES = 80;

/** What the policy says of each action, to this member. It is changed elsewhere. */
export function buildPolicyTab(lines: readonly PolicyLine[], version: string): types.KnownBlock[] {
  const shown = lines.slice(0, MOST_LINES);
  const hidden = lines.length - shown.length;
  return [
    header('What I may do for you'),
    ...shown.map((line) => plainSection(describeLine(line))),
    ...(hidden > 0 ? [note(`and ${hidden} more actions`)] : []),
    note(
      `Policy version ${oneLine(version, 100)}. The decision on a call is made again each time, by its facts.`,
    ),
  ];
}

/** Also what `/agentdesk policy` says, one line for each action. */
export function describeLine({ action, usual, alone }: PolicyLine): string {
  const name = `${oneLine(action.id, 100)}: ${describeVerdict(usual)}`;
  return alone === null ? name : `${name}\nWhen it concerns you alone: ${describeVerdict(alone)}`;
}

function describeVerdict({ outcome, reason }: Verdict): string {
  return `${WORDS[outcome]}. ${oneLine(reason, 300)}`;
}
