import { isCallApproval, type ApprovalDeps } from '../approvals/deps.ts';
import { applyDecision } from '../calls/apply-decision.ts';
import type { Jobs } from '../db/jobs.ts';
import { applyRelinkDecision } from '../links/apply-decision.ts';
import { applyChangeDecision } from '../policy/changes/apply-decision.ts';
import { applyGrantDecision } from '../policy/grants/decide.ts';

/** What the end of an approval means for the thing it is about, in the transaction that decided it. */
export function createOnDecided(jobs: Pick<Jobs, 'wake'>): ApprovalDeps['onDecided'] {
  return (tx, approval) => {
    if (isCallApproval(approval)) return applyDecision(tx, jobs, approval);
    if (approval.kind === 'relink') return applyRelinkDecision(tx, jobs, approval);
    return approval.kind === 'grant'
      ? applyGrantDecision(tx, jobs, approval)
      : applyChangeDecision(tx, jobs, approval);
  };
}
