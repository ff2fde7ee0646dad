import { isCallApproval, type ApprovalDeps } from '../approvals/deps.ts';
import { applyDecision } from '../calls/apply-decision.ts';
import type { Jobs } from '../db/jobs.ts';
import { applyChangeDecision } from '../policy/changes/apply-decision.ts';

/** What the end of an approval means for the thing it is about, in the transaction that decided it. */
export function createOnDecided(jobs: Pick<Jobs, 'wake'>): ApprovalDeps['onDecided'] {
  return (tx, approval) =>
    isCallApproval(approval) ? applyDecision(tx, jobs, approval) : applyChangeDecision(tx, jobs, approval);
}
