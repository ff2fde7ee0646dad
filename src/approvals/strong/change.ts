import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, isNull, sql } from '../../db/drizzle.ts';
import { factors } from '../../db/schema/factors.ts';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import { sealFactor } from './factor-seal.ts';
import { findFactor, findFactorProblem, listFactors, nameKind, shortId, type Factor } from './factors.ts';
import { digestChange, useUp, type FactorRequest } from './requests.ts';
import {
  askAssertion,
  checkAssertion,
  needCounting,
  recordProof,
  refuse,
  type Answer,
  type Step,
} from './step.ts';

/** Asks for the passkey that may remove, or vouch for, the one the request names. */
export async function beginChange(deps: StrongDeps, request: FactorRequest): Promise<Step> {
  const target = await needTarget(deps, request);
  const allowed = await listAllowed(deps, request, target);
  const missing = allowed.length === 0 ? findFactorProblem([]) : null;
  if (missing !== null) throw missing;
  const asked = {
    owner: request,
    about: { factorRequestId: request.id },
    digest: digestChange(request, target, null),
    allowed,
  };
  const label = request.kind === 'remove' ? 'Remove the passkey' : `Vouch for the ${nameKind(target)}`;
  return askAssertion(deps, asked, { label, text: 'Answer the question of your browser or device.' });
}

/** @throws DeskError `strong_refused`, `factor_waiting` */
export async function finishChange(deps: StrongDeps, request: FactorRequest, answer: Answer): Promise<Step> {
  const target = await needTarget(deps, request);
  const allowed = await listAllowed(deps, request, target);
  const asked = {
    about: { factorRequestId: request.id },
    digest: digestChange(request, target, null),
    allowed,
  };
  const proof = await checkAssertion(deps, asked, answer);
  // One that does not count yet may still take itself away.
  if (proof.factor.id !== target.id) needCounting(proof);
  const text = await deps.database.transaction(async (tx) => {
    await useUp(tx, request);
    await recordProof(tx, proof);
    return request.kind === 'remove' ? remove(tx, deps, request, target) : vouch(tx, deps, request, target);
  });
  return { do: 'done', text: `${text} You can close this window.` };
}

async function needTarget(deps: StrongDeps, request: FactorRequest): Promise<Factor> {
  const target = await findFactor(deps, deps.database.db, request.workspaceId, request.factorId ?? '');
  if (target === null) throw new DeskError('factor_unknown');
  return target;
}

/** The opener's passkeys that count; the one that is removed speaks for itself, too. */
async function listAllowed(deps: StrongDeps, request: FactorRequest, target: Factor): Promise<Factor[]> {
  const own = await listFactors(deps, deps.database.db, request);
  return own.filter((factor) => factor.counts || (request.kind === 'remove' && factor.id === target.id));
}

async function remove(
  tx: Transaction,
  deps: StrongDeps,
  request: FactorRequest,
  target: Factor,
): Promise<string> {
  const [row] = await tx
    .update(factors)
    .set({ removedAt: sql`clock_timestamp()`, removedBy: request.memberId })
    .where(and(eq(factors.id, target.id), isNull(factors.removedAt)))
    .returning({ id: factors.id });
  if (row === undefined) throw new DeskError('factor_unknown');
  const [id, byOther] = [shortId(target), request.memberId !== target.memberId];
  await record(tx, request, target, 'factor.removed', byOther ? 'by an admin' : 'by its member');
  const by = byOther ? ` by <@${request.memberId}>` : '';
  await deps.announce(tx, {
    workspaceId: target.workspaceId,
    memberId: target.memberId,
    text: `Your passkey ${id} was removed${by}. A new first one counts after 24 hours. If that was not you, tell an admin now.`,
    adminText: `The passkey ${id} of <@${target.memberId}> was removed${by}.`,
  });
  return 'The passkey is removed.';
}

async function vouch(
  tx: Transaction,
  deps: StrongDeps,
  request: FactorRequest,
  target: Factor,
): Promise<string> {
  if (request.memberId === target.memberId) throw refuse('Someone else has to vouch for what is yours');
  const [clock] = await tx.execute<{ at: string }>(
    sql`select to_char(date_trunc('milliseconds', clock_timestamp()) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
  );
  const countsFrom = new Date(clock?.at ?? Number.NaN);
  const [row] = await tx
    .update(factors)
    .set({ countsFrom, vouchedBy: request.memberId, seal: sealFactor(deps, { ...target, countsFrom }) })
    .where(and(eq(factors.id, target.id), isNull(factors.removedAt), eq(factors.seal, target.seal)))
    .returning({ id: factors.id });
  if (row === undefined) throw new DeskError('factor_unknown');
  const id = shortId(target);
  await record(tx, request, target, 'factor.vouched', 'counts');
  await deps.announce(tx, {
    workspaceId: target.workspaceId,
    memberId: target.memberId,
    text: `<@${request.memberId}> vouched for your ${nameKind(target)} ${id}. It counts now.`,
    adminText: `<@${request.memberId}> vouched for the ${nameKind(target)} ${id} of <@${target.memberId}>. It counts now.`,
  });
  return `The ${nameKind(target)} counts now.`;
}

function record(
  tx: Transaction,
  request: FactorRequest,
  target: Factor,
  type: 'factor.removed' | 'factor.vouched',
  outcome: string,
): Promise<void> {
  return append(tx, {
    workspaceId: target.workspaceId,
    type,
    actor: `member:${request.memberId}`,
    memberId: target.memberId,
    target: target.id,
    outcome,
    detail: { request: request.id },
  });
}
