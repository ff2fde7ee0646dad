import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveCall, TRANSITIONS, type CallStatus, type TransitionName } from '../../src/calls/transitions.ts';
import { CALL_STATUSES, calls } from '../../src/db/schema/calls.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

describe('the table of transitions', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const put = async (status: CallStatus): Promise<string> => {
    const id = randomUUID();
    const bytes = randomBytes(32);
    await database.desk.db.insert(calls).values({
      id,
      status,
      workspaceId: 'T1',
      memberId: 'U1',
      turnId: 't',
      toolCallId: id,
      revision: 1,
      agent: 'default',
      issuer: 'i',
      subject: 's',
      connection: 'github',
      accountId: id,
      accountLabel: 'l',
      action: 'github.issues.create',
      declarationHash: bytes,
      rawDigest: bytes,
      rawArgs: bytes,
      args: bytes,
      sameness: bytes,
      nonce: bytes,
      digest: bytes,
      code: id.slice(0, 8),
      policyCall: {},
      outcome: 'approve',
      rules: [],
      policyVersion: 'v',
    });
    return id;
  };

  it.each(Object.keys(TRANSITIONS) as TransitionName[])(
    '%s moves from its states only, with one audit event',
    async (name) => {
      const { from, to } = TRANSITIONS[name];
      for (const status of CALL_STATUSES) {
        const id = await put(status);
        const moved = await database.desk.transaction((tx) => moveCall(tx, name, id, {}, { actor: 'desk' }));
        const events = await database.owner`select 1 from agentdesk.audit_events where call_id = ${id}`;
        const allowed = (from as readonly CallStatus[]).includes(status);
        expect([name, status, moved?.status ?? null, events.length]).toEqual([
          name,
          status,
          allowed ? to : null,
          allowed ? 1 : 0,
        ]);
      }
    },
  );

  it('knows no way out of a final state', () => {
    const left = new Set(Object.values(TRANSITIONS).flatMap(({ from }) => from as readonly string[]));
    for (const status of ['done', 'failed', 'refused', 'denied', 'expired', 'cancelled', 'superseded']) {
      expect(left.has(status)).toBe(false);
    }
  });
});
