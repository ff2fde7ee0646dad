import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/agent/offline-model.ts';
import { decide } from '../../src/approvals/decide.ts';
import { listPending } from '../../src/approvals/query.ts';
import { findOrphans } from '../../src/audit/check/orphans.ts';
import { findTampering } from '../../src/audit/check/tampering.ts';
import { eraseContent } from '../../src/audit/erase-content.ts';
import { eraseMember } from '../../src/audit/erase.ts';
import { placeHold, liftHold } from '../../src/audit/holds.ts';
import { loadLogSigner } from '../../src/audit/log/keys.ts';
import { sealAll } from '../../src/audit/log/seal.ts';
import { forgetTurns } from '../../src/calls/forget.ts';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { enqueueOutgoing } from '../../src/slack/deliver/enqueue.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';

const LETTER = 'Shall we have lunch at the Blue Heron on Friday?';

let test: TestDesk;
let owner: Database;
beforeAll(async () => {
  test = await startTestDesk(createOfflineModel(() => new Date()));
  owner = createDatabase({ url: test.database.ownerUrl, role: null }, 1);
  for (const member of ['U0BEN', 'U0ADA']) await test.connect('google-oauth2', member);
  for (const member of ['U0BEN', 'U0ADA']) await mail(member);
});
afterAll(async () => {
  await owner.close();
  await test.stop();
});

async function mail(memberId: string): Promise<void> {
  const { agent, deps, database, jobs } = test.desk;
  const turnId = await test.say(memberId, `mail priya@acme.test about 'Lunch' saying '${LETTER}'`);
  await agent.run(turnId);
  const [approval] = await listPending(database, WORKSPACE, memberId, 10);
  await decide(deps.approvals, {
    workspaceId: WORKSPACE,
    memberId,
    approvalId: approval!.id,
    decision: 'approve',
    reason: null,
    from: { surface: 'card', channel: `D${memberId}`, ts: '1.1' },
  });
  await agent.run(turnId);
  await database.transaction((tx) =>
    enqueueOutgoing(tx, jobs, [
      {
        workspaceId: WORKSPACE,
        channel: `D${memberId}`,
        threadTs: null,
        key: `reply:${turnId}`,
        kind: 'post',
        payload: { type: 'reply', text: `Sent: ${LETTER}` },
      },
    ]),
  );
  await test.database.owner`update agentdesk.outbox set sent_at = now()`;
}

/** Tables of every schema of ours in which a text stands, in clear or as bytes. */
async function whereIs(text: string, but: RegExp = /^$/): Promise<string[]> {
  const tables = await test.database.owner<{ name: string }[]>`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('agentdesk', 'langgraph', 'pgboss') order by 1`;
  const hex = Buffer.from(text).toString('hex');
  const found: string[] = [];
  for (const { name } of tables.filter((table) => !but.test(table.name))) {
    const rows = await test.database.owner.unsafe(
      `select 1 from ${name} t where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0 limit 1`,
      [text, hex],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}

describe('the content of finished turns', () => {
  const soon = () => new Date(Date.now() + 60_000);

  it('is in the places it is worked with, until then', async () => {
    expect(await whereIs('Blue Heron')).toEqual(
      expect.arrayContaining([
        'agentdesk.approvals',
        'agentdesk.calls',
        'agentdesk.outbox',
        'agentdesk.turns',
        'langgraph.checkpoint_blobs',
      ]),
    );
    expect(await forgetTurns(test.desk.database, new Date(0))).toEqual({ turns: 0, more: false });
  });

  it('is kept as long as a legal hold stands', async () => {
    await placeHold(owner, { workspaceId: WORKSPACE, memberId: 'U0BEN' }, 'case 7');
    expect(await forgetTurns(test.desk.database, soon())).toEqual({ turns: 1, more: false });
    expect(await whereIs('Blue Heron')).toContain('agentdesk.calls');
    await liftHold(owner, { workspaceId: WORKSPACE, memberId: 'U0BEN' });
  });

  it('is gone then; what stays says that it was', async () => {
    expect(await forgetTurns(test.desk.database, soon())).toEqual({ turns: 1, more: false });
    // The log has a beginning of it, and a digest of the rest.
    expect(await whereIs('Blue Heron on Friday', /\.audit_events/)).toEqual([]);
    expect(await forgetTurns(test.desk.database, soon())).toEqual({ turns: 0, more: false });
    const calls = await test.database
      .owner`select status, policy_call->'facts' as facts from agentdesk.calls`;
    expect(calls.map((call) => call['status'] as string)).toEqual(['done', 'done']);
    expect(JSON.stringify(calls[0]?.['facts'])).toContain('priya@acme.test');
    expect(await findOrphans(test.desk.database, WORKSPACE, null)).toEqual([]);
  });

  it('is not taken from what is still open', async () => {
    const turnId = await test.say(
      'U0ADA',
      "mail priya@acme.test about 'Dinner' saying 'Or dinner at the Otter?'",
    );
    await test.desk.agent.run(turnId);
    await forgetTurns(test.desk.database, soon());
    expect(await whereIs('the Otter', /\.audit_events/)).toContain('agentdesk.calls');
    await expect(owner.transaction((tx) => eraseContent(tx, WORKSPACE, 'U0ADA'))).rejects.toMatchObject({
      code: 'erase_refused',
    });
  });
});

describe('a member who is erased', () => {
  it('is gone from every table, the other stays, and the log still proves itself', async () => {
    const signer = await loadLogSigner(test.desk.database, test.keyring);
    await mail('U0BEN');
    const erase = () =>
      owner.transaction(async (tx) => {
        await eraseContent(tx, WORKSPACE, 'U0BEN');
        return eraseMember(tx, WORKSPACE, 'U0BEN');
      });
    await expect(erase()).rejects.toMatchObject({ code: 'erase_refused' });
    await test.database
      .owner`update agentdesk.accounts set status = 'disconnected' where member_id = 'U0BEN'`;
    await sealAll(test.desk.database, signer, WORKSPACE);
    expect(await erase()).toBeGreaterThan(20);
    await sealAll(test.desk.database, signer, WORKSPACE);
    expect(await whereIs('U0BEN')).toEqual([]);
    expect(await whereIs('Blue Heron', /\.audit_events/)).toEqual([]);
    expect(await whereIs('U0ADA')).toEqual(expect.arrayContaining(['agentdesk.calls', 'agentdesk.turns']));
    expect(await findTampering(test.desk.database, WORKSPACE)).toEqual([]);
    expect(await findOrphans(test.desk.database, WORKSPACE, null)).toEqual([]);
  });
});
