import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BEGINNINGS,
  moveCall,
  TRANSITIONS,
  type CallStatus,
  type TransitionName,
} from '../../src/calls/transitions.ts';
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
      const { from, to, event, who } = TRANSITIONS[name];
      const actor = who[0] === 'member' ? 'member:U1' : who[0];
      for (const status of CALL_STATUSES) {
        const id = await put(status);
        const moved = await database.desk.transaction((tx) => moveCall(tx, name, id, {}, { actor }));
        const events = await database.owner<
          { type: string }[]
        >`select type from agentdesk.audit_events where call_id = ${id}`;
        const allowed = (from as readonly CallStatus[]).includes(status);
        expect([name, status, moved?.status ?? null, events.map(({ type }) => type)]).toEqual([
          name,
          status,
          allowed ? to : null,
          allowed ? [event] : [],
        ]);
      }
    },
  );

  it.each(Object.keys(TRANSITIONS) as TransitionName[])('%s is made by nobody else', async (name) => {
    const { from, who } = TRANSITIONS[name];
    for (const actor of ['member:U1', 'desk', 'operator', 'agent:default', 'deskhand', '']) {
      if ((who as readonly string[]).includes(actor.split(':')[0] ?? '')) continue;
      const id = await put(from[0]);
      const move = database.desk.transaction((tx) => moveCall(tx, name, id, {}, { actor }));
      await expect(move).rejects.toMatchObject({ code: 'internal' });
      const [row] = await database.owner<{ status: string }[]>`
        select status from agentdesk.calls where id = ${id}`;
      expect(row?.status).toBe(from[0]);
    }
  });

  it('is the table of docs/architecture.md', () => {
    const text = readFileSync('docs/architecture.md', 'utf8');
    const lines = text.slice(text.indexOf('| transition ')).split('\n');
    const table = lines.slice(0, lines.indexOf('')).map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    const begins = [...new Set(Object.values(BEGINNINGS))].join(', ');
    expect(table.slice(2)).toEqual([
      ['propose', '–', begins, 'call.proposed', 'agent', expect.any(String)],
      ...Object.entries(TRANSITIONS).map(([name, { from, to, event, who, when }]) => [
        name,
        from.join(', '),
        to,
        event,
        who.join(', '),
        when,
      ]),
    ]);
  });

  it('knows no way out of a final state', () => {
    const left = new Set(Object.values(TRANSITIONS).flatMap(({ from }) => from as readonly string[]));
    for (const status of ['done', 'failed', 'refused', 'denied', 'expired', 'cancelled', 'superseded']) {
      expect(left.has(status)).toBe(false);
    }
  });
});
