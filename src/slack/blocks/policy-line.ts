import type { Outcome } from '../../policy/types.ts';
import type { ShownRule } from '../home/describe-layer.ts';
import type { PolicyLine, Verdict } from '../home/describe-policy.ts';
import { oneLine } from './text.ts';

const WORDS: Readonly<Record<Outcome, string>> = {
  allow: 'done at once',
  approve: 'needs your approval',
  approve_strong: 'needs your approval on a second device',
  deny: 'never done',
};

/** What the policy says of an action; also what `/agentdesk policy` says. */
export function describeLine({ action, usual, alone }: PolicyLine): string {
  const name = `${oneLine(action.id, 100)}: ${describeVerdict(usual)}`;
  return alone === null ? name : `${name}\nWhen it concerns you alone: ${describeVerdict(alone)}`;
}

function describeVerdict({ outcome, reason }: Verdict): string {
  return `${WORDS[outcome]}. ${oneLine(reason, 300)}`;
}

/** The actions and rules in which every word of a text stands, as they are shown. */
export function findLines(
  { lines, rules }: { readonly lines: readonly PolicyLine[]; readonly rules: readonly ShownRule[] },
  text: string,
): { readonly lines: readonly PolicyLine[]; readonly rules: readonly ShownRule[] } {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (shown: string): boolean => wanted.every((word) => shown.toLowerCase().includes(word));
  return {
    lines: lines.filter((line) => has(`${line.action.description} ${describeLine(line)}`)),
    rules: rules.filter(({ id, sentence, note }) => has(`${id} ${sentence} ${note}`)),
  };
}
