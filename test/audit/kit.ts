import { randomBytes } from 'node:crypto';
import { append, type AuditEvent } from '../../src/audit/append.ts';
import { loadLogSigner, type LogSigner } from '../../src/audit/log/keys.ts';
import { createKeyring, type Keyring } from '../../src/db/seal.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

export interface AuditKit extends TestDatabase {
  readonly keyring: Keyring;
  readonly signer: LogSigner;
  /** Records that many events of workspace T1, alternately of U1 and U2. */
  fill(count: number, more?: Partial<AuditEvent>): Promise<void>;
  /** As a superuser who switches the triggers off. */
  tamper(statement: string): Promise<void>;
}

/** A database with a log key, and the means to fill and to falsify a log. */
export async function createAuditKit(): Promise<AuditKit> {
  const database = await createTestDatabase();
  const keyring = createKeyring([randomBytes(32)]);
  const signer = await loadLogSigner(database.desk, keyring);
  let filled = 0;
  return {
    ...database,
    keyring,
    signer,
    async fill(count, more = {}) {
      const events = Array.from({ length: count }, (_, at) => makeEvent(filled + at, more));
      filled += count;
      await database.desk.transaction((tx) => append(tx, ...events));
    },
    async tamper(statement) {
      await database.owner.begin(async (sql) => {
        await sql.unsafe('set local session_replication_role = replica');
        await sql.unsafe(statement);
      });
    },
  };
}

function makeEvent(at: number, more: Partial<AuditEvent>): AuditEvent {
  const member = at % 2 === 0 ? 'U1' : 'U2';
  return {
    workspaceId: 'T1',
    type: 'provider.requested',
    actor: `member:${member}`,
    memberId: member,
    agent: 'default',
    action: 'gmail.messages.send',
    target: `priya${at}@example.com`,
    outcome: 'ok',
    why: at % 5 === 0 ? `the plan, "again", für Zoë ${at} — =1+1` : null,
    call: { id: '00000000-0000-4000-8000-000000000001', code: 'K7QF2M9C' },
    turnId: `D1/${at}`,
    detail: {
      lease: 'l',
      kind: 'perform',
      method: 'POST',
      host: 'gmail.googleapis.com',
      path: '/gmail/v1/x',
      status: 200,
      ms: 31.5 + at,
    },
    ...more,
  };
}
