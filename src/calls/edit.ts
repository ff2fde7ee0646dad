import { readArguments } from '../actions/arguments.ts';
import { findAction } from '../actions/catalog.ts';
import { isCallApproval } from '../approvals/deps.ts';
import type { Presentation } from '../approvals/presentation.ts';
import { findById } from '../approvals/query.ts';
import { DeskError } from '../errors.ts';
import { strictest } from '../policy/compare.ts';
import type { Call, CallDeps } from './deps.ts';
import { findReadyAccount, fixArguments } from './fix-arguments.ts';
import { propose } from './propose.ts';
import { findCall } from './query.ts';
import { findTurn } from './turns.ts';

/**
 * A person's edit of a pending call: a new revision with a new digest, nonce and code replaces the old one, in one
 * transaction. The action itself cannot be changed; the policy decides anew, and never at a lower tier than before.
 * @param changed the whole set of arguments, in the action's own schema
 * @returns the new revision
 * @throws DeskError `not_yours`, `not_allowed` (no longer pending), `arguments_invalid`, `denied_by_policy`
 */
export async function editCall(
  deps: CallDeps,
  who: { workspaceId: string; memberId: string },
  approvalId: string,
  changed: unknown,
): Promise<Call> {
  const approval = await findById(deps.database, who.workspaceId, approvalId);
  if (approval === null || !isCallApproval(approval)) throw new DeskError('approval_unknown');
  if (approval.memberId !== who.memberId)
    throw new DeskError('not_yours', { owner: `<@${approval.memberId}>` });
  const before = await findCall(deps, approval.callId);
  const turn = await findTurn(deps, approval.turnId);
  const action = before === null ? undefined : findAction(before.action);
  if (before === null || turn === null || action === undefined) throw new DeskError('approval_unknown');
  if (before.status !== 'pending') throw new DeskError('not_allowed', { reason: 'it is not open any more' });
  const ready = await findReadyAccount(deps, turn, action);
  if (ready === null) throw new DeskError('account_missing', { service: before.connection });
  // What the editor typed counts as the person's own words; what the form held before does not.
  const words = [turn.text, ...listTyped(JSON.parse(before.rawArgs.toString('utf8')), changed)];
  const fixed = await fixArguments(deps, turn, action, readArguments(action, changed), ready, words);
  if (fixed.decision.outcome === 'deny') {
    throw new DeskError('denied_by_policy', {
      reason: fixed.decision.rules.map((rule) => rule.reason).join(' '),
    });
  }
  const call = await propose(deps, {
    ...fixed,
    decision: { ...fixed.decision, outcome: strictest(before.outcome, fixed.decision.outcome) },
    toolCallId: before.toolCallId,
    revision: before.revision + 1,
    rawDigest: before.rawDigest,
    replaces: {
      approvalId: approval.id,
      presentation: approval.presentation as Presentation,
      actor: `member:${who.memberId}`,
    },
  });
  if (call === null) throw new DeskError('internal', { reference: 'edited call was not stored' });
  return call;
}

/** The texts of `after` that `before` does not have in the same place of a record, or anywhere in the same list. */
function listTyped(before: unknown, after: unknown): string[] {
  if (typeof after === 'string') return before === after ? [] : [after];
  if (Array.isArray(after)) {
    const known: unknown[] = Array.isArray(before) ? before : [];
    return after.filter((item) => !known.includes(item)).flatMap((item) => listTyped(null, item));
  }
  if (typeof after !== 'object' || after === null) return [];
  const earlier = typeof before === 'object' && before !== null ? before : {};
  return Object.entries(after).flatMap(([name, value]) =>
    listTyped((earlier as Record<string, unknown>)[name], value),
  );
}

/** What a person changed between the model's arguments and the revision that ran, for the model to know. */
export function describeChanges(first: Call, last: Call): string | null {
  if (first.id === last.id) return null;
  const before = JSON.parse(first.rawArgs.toString('utf8')) as Record<string, unknown>;
  const after = JSON.parse(last.rawArgs.toString('utf8')) as Record<string, unknown>;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  return names
    .map(
      (name) =>
        `${name}: ${JSON.stringify(before[name] ?? null)} became ${JSON.stringify(after[name] ?? null)}`,
    )
    .join('; ')
    .slice(0, 2_000);
}
