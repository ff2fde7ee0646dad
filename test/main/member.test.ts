import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { ISSUER } from '../../src/main/authority.ts';
import { runMember } from '../../src/main/member/command.ts';
import { createLog } from '../../src/telemetry.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const run = (...args: string[]) =>
  runMember({
    ...readConfig({
      DATABASE_URL: database.ownerUrl,
      AGENTDESK_DATA_DIR: mkdtempSync(join(tmpdir(), 'agentdesk-member-')),
      AGENTDESK_ENCRYPTION_KEY: Buffer.alloc(32, 3).toString('base64'),
    }),
    log: createLog('silent'),
    args,
  });
const ofBen = ['--workspace', 'T1', '--member', 'U0BEN'];

async function enter(): Promise<void> {
  await database.owner`insert into agentdesk.members (workspace_id, member_id) values ('T1', 'U0BEN') on conflict do nothing`;
  await database.owner`insert into agentdesk.links (workspace_id, member_id, issuer, subject)
    values ('T1', 'U0BEN', ${ISSUER}, 'slack|T1|U0BEN') on conflict (workspace_id, member_id) do update set unlinked_at = null`;
  await database.owner`insert into agentdesk.accounts (workspace_id, member_id, connection, vault_id, label, scopes, status)
    values ('T1', 'U0BEN', 'github', ${`cac_${randomUUID()}`}, 'ben-acme', '{}', 'connected')`;
}

const types = async () =>
  (await database.owner`select type from agentdesk.audit_events order by id`).map(
    (row) => row['type'] as string,
  );

it('ends all there is of a member, and says so', async () => {
  await enter();
  expect(await run('leave', ...ofBen)).toBe(0);
  const [link] = await database.owner`select unlinked_at from agentdesk.links`;
  expect(link?.['unlinked_at']).toBeInstanceOf(Date);
  const [account] = await database.owner`select status from agentdesk.accounts`;
  expect(account).toEqual({ status: 'disconnected' });
  expect(await types()).toEqual(
    expect.arrayContaining(['account.disconnected', 'member.left', 'account.revoked', 'link.removed']),
  );
});

it('erases what the log says of them after that', async () => {
  await enter();
  expect(await run('erase', ...ofBen)).toBe(0);
  const rows = await database.owner`select 1 from agentdesk.audit_events where member_id = 'U0BEN'`;
  expect(rows).toHaveLength(0);
  expect((await types()).at(-1)).toBe('member.erased');
});

it('wants to know who', async () => {
  await expect(run('leave', '--workspace', 'T1')).rejects.toThrow('Usage');
});
