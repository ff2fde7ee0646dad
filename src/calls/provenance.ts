import type { Target } from '../actions/action.ts';
import type { PresentedTarget, Provenance } from '../approvals/presentation.ts';
import type { Call } from './deps.ts';

/**
 * Where each target came from, told without the model: verbatim in the person's words, verbatim in what was
 * fetched in this turn, or else written by the agent. It informs the approver and the policy; it is no defence by
 * itself.
 * @param words what the person wrote in this conversation
 * @param fetched settled calls of this turn whose results the model has read
 */
export function markTargets(
  targets: readonly Target[],
  words: readonly string[],
  fetched: readonly Call[],
  flagsOf: (target: Target) => readonly string[],
): PresentedTarget[] {
  return targets.map((target) => ({
    kind: target.kind,
    value: target.value,
    ...findSource(target.value, words, fetched),
    flags: flagsOf(target),
  }));
}

function findSource(
  value: string,
  words: readonly string[],
  fetched: readonly Call[],
): { provenance: Provenance; source: string } {
  const wanted = value.trim().toLowerCase();
  if (wanted !== '' && words.some((text) => contains(text.toLowerCase(), wanted)))
    return { provenance: 'you', source: '' };
  for (const call of fetched) {
    if (
      call.result !== null &&
      JSON.stringify(call.result).toLowerCase().includes(JSON.stringify(wanted).slice(1, -1))
    ) {
      return { provenance: 'fetched', source: `${call.action} ${call.code}` };
    }
  }
  return { provenance: 'agent', source: '' };
}

/**
 * Whole-word match: `eve@x.io` does not stand in `steve@x.io`. Slack writes addresses as `<mailto:a@b|a@b>`, whose
 * brackets and bars end a word as well.
 */
function contains(text: string, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + wanted.length] ?? ' ';
    const afterNext = text[at + wanted.length + 1] ?? ' ';
    const endsAfter = !/[\p{L}\p{N}_@-]/u.test(after) && !(after === '.' && /[\p{L}\p{N}]/u.test(afterNext));
    if (!/[\p{L}\p{N}._@+-]/u.test(before) && endsAfter) return true;
  }
  return false;
}
