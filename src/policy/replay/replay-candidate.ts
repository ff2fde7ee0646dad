import type { Database } from '../../db/client.ts';
import { eq } from '../../db/drizzle.ts';
import { policyHeads } from '../../db/schema/policy.ts';
import { describeBuiltIn } from '../built-in.ts';
import { evaluate } from '../evaluate.ts';
import type { PreparedPolicy } from '../prepared-policy.ts';
import { createRecent } from '../recent.ts';
import { checkLayer } from '../rules/check-layer.ts';
import { readLayer } from '../rules/schema.ts';
import type { CatalogEntry, Outcome } from '../types.ts';
import { prepareFromRows } from '../versions/load-layers.ts';
import { readDecisions, type DecisionRange, type StoredDecision } from './decisions.ts';

/** One past call that the candidate would decide otherwise than the policy in force does. */
export interface ReplayedChange {
  readonly decision: StoredDecision;
  /** What the policy in force says. */
  readonly from: Outcome;
  /** What the candidate would say, and why. */
  readonly to: Outcome;
  readonly reason: string;
}

export interface CandidateReplay {
  /** How many past calls were looked at. */
  readonly total: number;
  readonly changed: number;
  /** How many of the changed ones come to each outcome. */
  readonly to: Readonly<Record<Outcome, number>>;
  /** The newest of the changed ones. */
  readonly list: readonly ReplayedChange[];
}

/** Pairs of policies kept while replaying; members without rules of their own share one. */
const CAPACITY = 64;

/**
 * Puts the calls of the past to a layer that is not saved yet, and to the policy in force, and compares. It informs;
 * it never decides whether a change loosens.
 * @param candidate `document` is a `LayerDocument`; of a member's layer, only their own calls are looked at
 * @param range since when, and how many at most
 * @param most how many changes are listed
 * @throws DeskError `policy_invalid`
 */
export async function replayCandidate(
  { database, catalog }: { readonly database: Database; readonly catalog: readonly CatalogEntry[] },
  candidate: { readonly workspaceId: string; readonly owner: string; readonly document: unknown },
  range: Pick<DecisionRange, 'since' | 'limit'>,
  most = 50,
): Promise<CandidateReplay> {
  const { workspaceId, owner } = candidate;
  const document = readLayer(candidate.document, owner);
  const { cedar } = checkLayer(document, { catalog, workspaceId, owner });
  const pairOf = await createPairs(database, catalog, { workspaceId, owner, cedar });
  const to: Record<Outcome, number> = { allow: 0, approve: 0, approve_strong: 0, deny: 0 };
  const list: ReplayedChange[] = [];
  let [total, changed] = [0, 0];
  const decisions = readDecisions(database, {
    ...range,
    workspaceId,
    ...(owner === '' ? {} : { memberId: owner }),
  });
  for await (const decision of decisions) {
    total += 1;
    const { live, next } = await pairOf(decision.memberId);
    const [was, is] = [evaluate(live, decision.call), evaluate(next, decision.call)];
    if (was.outcome === is.outcome) continue;
    changed += 1;
    to[is.outcome] += 1;
    const reason = is.rules[0]?.reason ?? '';
    if (list.length < most) list.push({ decision, from: was.outcome, to: is.outcome, reason });
  }
  return { total, changed, to, list };
}

/** The policy in force for a member, and the same with one layer exchanged. */
async function createPairs(
  database: Database,
  catalog: readonly CatalogEntry[],
  candidate: { readonly workspaceId: string; readonly owner: string; readonly cedar: string },
): Promise<(memberId: string) => Promise<{ live: PreparedPolicy; next: PreparedPolicy }>> {
  const { workspaceId } = candidate;
  const builtIn = describeBuiltIn(catalog);
  const heads = await database.db.select().from(policyHeads).where(eq(policyHeads.workspaceId, workspaceId));
  const numbers = new Map(heads.map(({ owner, number }) => [owner, number]));
  const pairs = createRecent<{ live: PreparedPolicy; next: PreparedPolicy }>(CAPACITY);
  return async (memberId) => {
    const member = numbers.get(memberId) ?? 0;
    const key = member === 0 && candidate.owner === '' ? '' : memberId;
    const known = pairs.get(key);
    if (known !== undefined) return known;
    const layers = { builtIn: builtIn.version, organisation: numbers.get('') ?? 0, member };
    const who = { workspaceId, memberId };
    const pair = {
      live: await prepareFromRows(database.db, builtIn, who, layers),
      next: await prepareFromRows(database.db, builtIn, who, layers, candidate),
    };
    pairs.set(key, pair);
    return pair;
  };
}

const NOW: Readonly<Record<Outcome, string>> = {
  allow: 'done at once',
  approve: 'now ask',
  approve_strong: 'now ask on a second device',
  deny: 'now denied',
};

/** "Would change 12 of 340: 9 now ask, 3 now denied." */
export function describeReplay({ total, changed, to }: CandidateReplay): string {
  if (total === 0) return 'There are no past calls to try it on.';
  if (changed === 0) return `Would change 0 of ${total}.`;
  const counts = (['deny', 'approve_strong', 'approve', 'allow'] as const)
    .filter((outcome) => to[outcome] > 0)
    .sort((a, b) => to[b] - to[a])
    .map((outcome) => `${to[outcome]} ${NOW[outcome]}`);
  return `Would change ${changed} of ${total}: ${counts.join(', ')}.`;
}
