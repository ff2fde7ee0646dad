import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, sql } from '../../db/drizzle.ts';
import { policyVersions } from '../../db/schema/policy.ts';
import { DeskError } from '../../errors.ts';
import { describeBuiltIn } from '../built-in.ts';
import { checkLayer } from '../rules/check-layer.ts';
import { classifyChange } from '../rules/classify.ts';
import { describeDiff } from '../rules/describe-diff.ts';
import { readLayer } from '../rules/schema.ts';
import { describeOwner, nameActor } from './audit-names.ts';
import { refuseLowered } from './floors.ts';
import { keepBuiltIn } from './load-layers.ts';
import { lockHead, moveHead, type HeadDeps } from './move-head.ts';
import { readNumber, toVersion } from './read.ts';
import type { PolicyAuthor, PolicySourceName, PolicyVersion } from './types.ts';

/** A change to a layer, as a whole new document. */
export interface Proposal {
  readonly workspaceId: string;
  /** `''` = the organisation's layer, else that member's own. */
  readonly owner: string;
  /** The number of the version it was made from. */
  readonly baseVersion: number;
  /** A `LayerDocument`; read and checked here, so it may come from anywhere. */
  readonly document: unknown;
  readonly author: PolicyAuthor;
  readonly source: PolicySourceName;
}

/**
 * Stores a new version under the lock of its head, and puts it in force at once when it only tightens.
 * @returns the version, `active` or `pending`; a pending one waits for {@link activatePending}
 * @throws DeskError `not_allowed`, `policy_invalid`, `policy_changed` (the base is not in force any more),
 *   `policy_too_low` (a layer above asks for more), `policy_unchanged`
 */
export async function proposeVersion(
  tx: Transaction,
  deps: HeadDeps,
  proposal: Proposal,
): Promise<PolicyVersion> {
  const { catalog, keyring } = deps;
  const { workspaceId, owner, baseVersion, author, source } = proposal;
  assertMayChange(proposal);
  const document = readLayer(proposal.document, owner);
  const { cedar } = checkLayer(document, { catalog, workspaceId, owner });
  await lockHead(tx, keyring, proposal, baseVersion);
  const base = await readNumber(tx, proposal, baseVersion);
  const diff = describeDiff(base.document, document, catalog);
  if (diff.length === 0) throw new DeskError('policy_unchanged');
  // What an earlier version said may be said again, although a layer above has become stricter since.
  if (source !== 'rollback') await refuseLowered(tx, catalog, proposal, base.document, document);
  const builtIn = describeBuiltIn(catalog);
  await keepBuiltIn(tx, builtIn);
  const [last] = await tx
    .select({ number: sql<number>`coalesce(max(${policyVersions.number}), 0)` })
    .from(policyVersions)
    .where(and(eq(policyVersions.workspaceId, workspaceId), eq(policyVersions.owner, owner)));
  const classification = classifyChange(base.document, document, catalog);
  const [row] = await tx
    .insert(policyVersions)
    .values({
      workspaceId,
      owner,
      number: (last?.number ?? 0) + 1,
      parent: baseVersion,
      document,
      cedar,
      builtIn: builtIn.version,
      author: author.memberId,
      source,
      diff,
      classification,
      status: 'pending',
      createdAt: sql`clock_timestamp()`,
    })
    .returning();
  if (row === undefined) throw new DeskError('internal', { reference: 'policy version was not stored' });
  const version = toVersion(row);
  await append(tx, {
    workspaceId,
    type: 'policy.proposed',
    actor: nameActor(author.memberId),
    memberId: owner === '' ? null : owner,
    target: `${describeOwner(owner)} ${version.number}`,
    outcome: classification,
    why: diff.join(' '),
    detail: { version: version.id, base: baseVersion, source, diff: diff.slice(0, 20) },
  });
  return classification === 'tightening' ? moveHead(tx, deps, version, null) : version;
}

function assertMayChange({ owner, author }: Proposal): void {
  if (owner === '' && author.role !== 'admin')
    throw new DeskError('not_allowed', { reason: "only admins change the organisation's policy" });
  if (owner !== '' && author.role === 'guest')
    throw new DeskError('not_allowed', { reason: 'guests cannot change the policy' });
  if (owner !== '' && author.memberId !== owner && author.memberId !== 'operator')
    throw new DeskError('not_allowed', { reason: 'these rules are of another member' });
}
