import type { Database } from '../../db/client.ts';
import { DeskError } from '../../errors.ts';
import { strictest } from '../compare.ts';
import { evaluate } from '../evaluate.ts';
import type { PolicyArchive } from '../head.ts';
import type { Outcome } from '../types.ts';
import { readDecisions, type DecisionRange, type StoredDecision } from './decisions.ts';

export interface StoredReplay {
  /** Decisions that were made again. */
  readonly total: number;
  readonly different: number;
  /** The first of the different ones. */
  readonly list: readonly {
    readonly decision: StoredDecision;
    readonly again: Outcome;
    /** When the rules could not be evaluated. */
    readonly problem: string | null;
  }[];
  /** Decisions under versions that are not stored here, by version: from before versions were kept. */
  readonly unknown: ReadonlyMap<string, number>;
}

const MOST_LISTED = 50;

/**
 * Makes every stored decision again, each under the version it was made under: the same must come out. Anything else
 * means that a row was changed or that evaluation is not what it was.
 */
export async function replayStored(
  deps: { readonly database: Database; readonly archive: PolicyArchive },
  range: DecisionRange,
): Promise<StoredReplay> {
  let total = 0;
  let different = 0;
  const list: { decision: StoredDecision; again: Outcome; problem: string | null }[] = [];
  const unknown = new Map<string, number>();
  for await (const decision of readDecisions(deps.database, range)) {
    const { workspaceId, memberId, policyVersion } = decision;
    const policy = await orNull(deps.archive.prepareVersion(workspaceId, memberId, policyVersion));
    if (policy === null) {
      unknown.set(policyVersion, (unknown.get(policyVersion) ?? 0) + 1);
      continue;
    }
    total += 1;
    const now = evaluate(policy, decision.call);
    // An edit that is decided more leniently keeps the tier of what it replaces; a denied one is not stored at all.
    const again = strictest(now.outcome, ...(decision.editedFrom === null ? [] : [decision.editedFrom]));
    if (again === decision.outcome) continue;
    different += 1;
    if (list.length < MOST_LISTED) list.push({ decision, again, problem: now.problem ?? null });
  }
  return { total, different, list, unknown };
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DeskError && error.code === 'policy_unknown') return null;
    throw error;
  }
}
