import { eq, sql } from '../../db/drizzle.ts';
import { approvals } from '../../db/schema/calls.ts';
import type { Approval, StrongDeps } from '../deps.ts';
import { findConfirmation, lockConfirmation, recordConfirmed, recordRefusal } from './confirmation.ts';
import { findFactorProblem, listFactors, shortId } from './factors.ts';
import {
  askAssertion,
  checkAssertion,
  needCounting,
  recordProof,
  refuse,
  type Answer,
  type Step,
} from './step.ts';

const WORDS = { label: 'Confirm with passkey', text: 'Answer the question of your browser or device.' };
const DONE = 'Confirmed. I do it now; the card in Slack says what came of it. You can close this window.';

/** The page's button: asks for one of the approver's passkeys. Each refusal is audited. */
export async function beginConfirmation(deps: StrongDeps, reference: string): Promise<Step> {
  const { approval, problem } = await findConfirmation(deps, reference);
  try {
    if (problem !== null) throw problem;
    const present = await listFactors(deps, deps.database.db, approval);
    const missing = findFactorProblem(present);
    if (missing !== null) throw missing;
    const asked = {
      owner: approval,
      about: { approvalId: approval.id },
      digest: approval.digest,
      allowed: present.filter((factor) => factor.counts),
    };
    return await askAssertion(deps, asked, WORDS);
  } catch (error) {
    throw await recordRefusal(deps, approval, error);
  }
}

/**
 * The passkey's answer: checked and kept, and the turn that waits is woken, in one transaction.
 * @throws DeskError `strong_refused` and others; each is audited
 */
export async function finishConfirmation(deps: StrongDeps, reference: string, answer: Answer): Promise<Step> {
  const { approval, problem } = await findConfirmation(deps, reference);
  try {
    if (problem !== null) throw problem;
    await confirm(deps, approval, answer);
    return { do: 'done', text: DONE };
  } catch (error) {
    throw await recordRefusal(deps, approval, error);
  }
}

async function confirm(deps: StrongDeps, approval: Approval, answer: Answer): Promise<void> {
  const allowed = await listFactors(deps, deps.database.db, approval);
  const asked = { about: { approvalId: approval.id }, digest: approval.digest, allowed };
  const proof = await checkAssertion(deps, asked, answer);
  needCounting(proof);
  await deps.database.transaction(async (tx) => {
    const now = await lockConfirmation(tx, approval.id, 'passkey');
    if (now.problem !== null) throw now.problem;
    if (!now.approval.digest.equals(approval.digest)) throw refuse('It was changed meanwhile');
    await recordProof(tx, proof);
    await tx
      .update(approvals)
      .set({ strongAt: sql`clock_timestamp()` })
      .where(eq(approvals.id, approval.id));
    await recordConfirmed(tx, deps.jobs, approval, {
      passkey: shortId(proof.factor),
      challenge: proof.challenge.id,
      rp: proof.challenge.rpId,
    });
  });
}
