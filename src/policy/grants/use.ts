import { findUsedProblem, type ConsumeRefusal } from '../../approvals/consume.ts';
import type { ApprovalDeps } from '../../approvals/deps.ts';
import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, sql } from '../../db/drizzle.ts';
import { grants, grantUses } from '../../db/schema/grants.ts';
import { DeskError } from '../../errors.ts';
import type { CallGrant } from '../types.ts';
import { subjectOf } from './decide.ts';
import { fitsTemplate } from './template.ts';
import { toGrant, type Grant } from './types.ts';

/** A call that is about to be claimed by a grant. */
export interface GrantedCall extends Pick<
  Grant,
  'workspaceId' | 'memberId' | 'agent' | 'action' | 'declarationHash' | 'issuer' | 'subject' | 'accountId'
> {
  readonly id: string;
  readonly code: string;
  readonly turnId: string;
  /** Canonical bytes of its arguments. */
  readonly args: Buffer;
}

/**
 * Counts a use of a grant, in the transaction that claims the call: the row is locked, its approval proved again, the
 * arguments held against its template, and the counter moved only while there is a use left. A call that is claimed a
 * second time is no second use.
 * @param stated what the call says of the grant
 * @returns why the call may not run by it, or null
 */
export async function useGrant(
  tx: Transaction,
  deps: Pick<ApprovalDeps, 'door' | 'keyring' | 'log'>,
  stated: CallGrant,
  call: GrantedCall,
): Promise<ConsumeRefusal | null> {
  const [found] = await tx
    .select({ row: grants, late: sql<boolean>`${grants.expiresAt} <= clock_timestamp()` })
    .from(grants)
    .where(eq(grants.id, stated.id))
    .for('update');
  if (found === undefined) return attack('there is no such grant');
  const { late } = found;
  const grant = toGrant(found.row);
  if (!isOf(grant, stated, call)) return attack('the grant is for something else');
  const unapproved = await findUsedProblem(tx, deps, subjectOf(grant));
  if (unapproved !== null) return unapproved;
  if (grant.status !== 'active') return over(grant.endedWhy ?? 'it was not approved');
  const [counted] = await tx
    .select({
      uses: sql<number>`count(*)::int`,
      mine: sql<boolean>`coalesce(bool_or(call_id = ${call.id}), false)`,
    })
    .from(grantUses)
    .where(eq(grantUses.grantId, grant.id));
  if (counted?.uses !== grant.uses) return attack('the uses of the grant do not fit its counter');
  if (counted.mine) return null;
  if (late) return over('its time ran out');
  const [used] = await tx
    .update(grants)
    .set({ uses: sql`${grants.uses} + 1` })
    .where(and(eq(grants.id, grant.id), sql`${grants.uses} < ${grants.maxUses}`))
    .returning();
  if (used === undefined) return over('it was used as often as it may be');
  await tx.insert(grantUses).values({ grantId: grant.id, callId: call.id });
  await append(tx, {
    workspaceId: call.workspaceId,
    type: 'grant.used',
    actor: 'desk',
    memberId: call.memberId,
    agent: call.agent,
    action: call.action,
    target: grant.sentence,
    outcome: 'used',
    call,
    turnId: call.turnId,
    detail: { grant: grant.id, code: grant.code, use: used.uses, max_uses: used.maxUses },
  });
  return null;
}

function isOf(grant: Grant, stated: CallGrant, call: GrantedCall): boolean {
  const args = JSON.parse(call.args.toString('utf8')) as Record<string, unknown>;
  return (
    grant.code === stated.code &&
    grant.tier === stated.tier &&
    grant.sentence === stated.sentence &&
    grant.workspaceId === call.workspaceId &&
    grant.memberId === call.memberId &&
    grant.agent === call.agent &&
    grant.action === call.action &&
    grant.accountId === call.accountId &&
    grant.issuer === call.issuer &&
    grant.subject === call.subject &&
    grant.declarationHash.equals(call.declarationHash) &&
    fitsTemplate(grant.template, args)
  );
}

function attack(reason: string): ConsumeRefusal {
  return { error: new DeskError('claim_refused', { reason }), attack: true };
}

function over(reason: string): ConsumeRefusal {
  return { error: new DeskError('grant_over', { reason }), attack: false };
}
