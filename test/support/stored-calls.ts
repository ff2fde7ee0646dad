import { randomBytes, randomUUID } from 'node:crypto';
import { calls } from '../../src/db/schema/calls.ts';
import { strictest } from '../../src/policy/compare.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import type { PreparedPolicy } from '../../src/policy/prepared-policy.ts';
import type { Outcome, PolicyCall } from '../../src/policy/types.ts';
import type { TestDatabase } from './database.ts';

/**
 * Stores a call as the ledger would, decided by this policy.
 * @param more `editOf` makes it the next revision of another one
 */
export async function storeCall(
  { desk }: TestDatabase,
  policy: PreparedPolicy,
  call: PolicyCall,
  more: { createdAt?: Date; editOf?: { toolCallId: string; outcome: Outcome } } = {},
): Promise<{ id: string; toolCallId: string; outcome: Outcome }> {
  const decision = evaluate(policy, call);
  const { createdAt, editOf } = more;
  const outcome = strictest(decision.outcome, ...(editOf === undefined ? [] : [editOf.outcome]));
  const id = randomUUID();
  const toolCallId = editOf?.toolCallId ?? id;
  await desk.db.insert(calls).values({
    id,
    workspaceId: call.member.workspaceId,
    memberId: call.member.id,
    turnId: 'turn',
    toolCallId,
    revision: editOf === undefined ? 1 : 2,
    agent: call.agent,
    issuer: 'issuer',
    subject: 'subject',
    connection: call.account.connection,
    accountId: randomUUID(),
    accountLabel: call.account.label,
    action: call.action,
    declarationHash: randomBytes(32),
    rawDigest: randomBytes(32),
    rawArgs: Buffer.from('{}'),
    args: Buffer.from('{}'),
    sameness: randomBytes(32),
    nonce: randomBytes(16),
    digest: randomBytes(32),
    code: randomBytes(4).toString('hex').toUpperCase(),
    policyCall: call,
    outcome,
    rules: decision.rules,
    policyVersion: decision.policyVersion,
    status: 'done',
    ...(createdAt === undefined ? {} : { createdAt }),
  });
  return { id, toolCallId, outcome };
}
