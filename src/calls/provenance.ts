import type { Target } from '../actions/action.ts';
import type { PresentedTarget } from '../approvals/presentation.ts';
import type { TargetProvenance } from '../policy/types.ts';
import type { Call } from './deps.ts';

/** A target of a call, and where it came from. */
export type MarkedTarget = Omit<PresentedTarget, 'flags'>;

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
): MarkedTarget[] {
  return targets.map((target) => ({
    kind: target.kind,
    value: target.value,
    ...findSource(target.value, words, fetched),
  }));
}

const SOURCES = { you: 'member', fetched: 'fetched', agent: 'agent' } as const;

/**
 * The same for the policy: which sources there are among the targets. The account that is used is the member's own and
 * comes from nowhere: their address stands in all their mail, and their calendar is meant when none is named.
 */
export function listSources(targets: readonly MarkedTarget[], own: string): TargetProvenance[] {
  const others = targets.filter(({ value }) => value.toLowerCase() !== own.toLowerCase());
  return [...new Set(others.map(({ provenance }) => SOURCES[provenance]))].sort();
}

/** Whether some text in a value stands in what was fetched, and not in the person's own words. */
export function isFetched(value: unknown, words: readonly string[], fetched: readonly Call[]): boolean {
  if (typeof value === 'string')
    return value.trim() !== '' && findSource(value, words, fetched).provenance === 'fetched';
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((item) => isFetched(item, words, fetched));
}

function findSource(
  value: string,
  words: readonly string[],
  fetched: readonly Call[],
): Pick<MarkedTarget, 'provenance' | 'source'> {
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
