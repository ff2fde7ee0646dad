import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leave } from '../../src/calls/leave.ts';
import { findCall } from '../../src/calls/query.ts';
import { ensureMember } from '../../src/vault/accounts/members.ts';
import { revokeDue } from '../../src/vault/accounts/revoke.ts';
import { removeDepartedLinks } from '../../src/vault/accounts/unlink.ts';
import { ask, createHostileModel, freshId } from '../support/attack-desk.ts';
import { startTestDesk, toolCalls, WORKSPACE, type TestDesk } from '../support/desk.ts';

const MAIL = { to: ['priya@acme.test'], subject: 'Plan', text: 'The plan.' };

describe('a member who leaves', () => {
  let test: TestDesk;
  const model = createHostileModel();
  const scope = { workspaceId: WORKSPACE, memberId: 'U0BEN' };

  beforeAll(async () => {
    test = await startTestDesk(model);
    await test.connect('google-oauth2', 'U0BEN');
    await test.connect('github', 'U0BEN');
    await test.connect('google-oauth2', 'U0ADA');
  });
  afterAll(() => test.stop());

  const rows = (query: string) => test.database.owner.unsafe(query);
  const events = async () =>
    (
      await rows(`select type, outcome, member_id from agentdesk.audit_events
        where type in ('account.disconnected', 'account.revoked', 'link.removed', 'member.left') order by id`)
    ).map((row) => [row['type'], row['outcome'], row['member_id']].join(' '));
  const passTime = () => rows(`update agentdesk.revocations set due_at = clock_timestamp()`);

  it('leaves nothing that can run, at once', async () => {
    model.script = [
      toolCalls({ name: 'gmail_messages_send', args: { ...MAIL, subject: freshId() }, id: freshId() }),
    ];
    const { approval } = await ask(test);
    test.google.world.faults.failNext({ match: (_, path) => path === '/revoke', status: 503 }, 2);
    expect(await leave(test.desk.deps, scope, 'deactivated', 'desk')).toEqual(['U0BEN']);
    expect(await findCall(test.desk.deps, approval.callId ?? '')).toMatchObject({ status: 'cancelled' });
    const accounts = await rows(
      `select member_id, status from agentdesk.accounts order by member_id, connection`,
    );
    expect(accounts.map((row) => `${row['member_id']} ${row['status']}`)).toEqual([
      'U0ADA connected',
      'U0BEN disconnected',
      'U0BEN disconnected',
    ]);
    expect(await events()).toEqual([
      'account.disconnected disconnected U0BEN',
      'account.disconnected disconnected U0BEN',
      'member.left deactivated U0BEN',
    ]);
    expect(await leave(test.desk.deps, scope, 'deactivated', 'desk')).toEqual([]);
  });

  it('is revoked at the providers, again and again until they answer, and then unlinked', async () => {
    const { vault } = test.desk.deps;
    const grantsOf = () => test.google.world.effects().filter(({ kind }) => kind === 'access.revoked').length;
    expect([await revokeDue(vault), await revokeDue(vault), await revokeDue(vault)]).toEqual([1, 1, 0]);
    expect(await removeDepartedLinks(vault)).toBe(0);
    const [waiting] = await rows(`select attempts, last_error, due_at > clock_timestamp() as later
      from agentdesk.revocations where ended_at is null`);
    expect(waiting).toMatchObject({ attempts: 1, later: true });
    expect(waiting?.['last_error']).toBeTruthy();
    await passTime();
    await revokeDue(vault);
    expect(grantsOf()).toBe(0);
    await passTime();
    await revokeDue(vault);
    expect(grantsOf()).toBe(1);
    expect(await rows(`select 1 from agentdesk.revocations where ended_at is null`)).toHaveLength(0);
    expect(await rows(`select 1 from authority.connected_accounts where subject like '%U0BEN'`)).toHaveLength(
      0,
    );
    expect(await removeDepartedLinks(vault)).toBe(1);
    expect((await events()).slice(3).sort()).toEqual([
      'account.revoked later U0BEN',
      'account.revoked later U0BEN',
      'account.revoked revoked U0BEN',
      'account.revoked revoked U0BEN',
      'link.removed removed U0BEN',
    ]);
  });

  it('is given up after two days, and the vault forgets the tokens all the same', async () => {
    const { vault } = test.desk.deps;
    test.google.world.faults.failNext({ match: (_, path) => path === '/revoke', status: 503 }, 100);
    await leave(test.desk.deps, { workspaceId: WORKSPACE, memberId: 'U0ADA' }, 'operator', 'operator');
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await passTime();
      await revokeDue(vault);
    }
    const [end] = await rows(`select attempts, outcome from agentdesk.revocations where member_id = 'U0ADA'`);
    expect(end).toEqual({ attempts: 8, outcome: 'not_revoked' });
    expect(await rows(`select 1 from authority.connected_accounts`)).toHaveLength(0);
    expect((await events()).at(-1)).toBe('account.revoked not_revoked_at_provider U0ADA');
  });

  it('is linked again on coming back, without the accounts', async () => {
    const { deps } = test.desk;
    await deps.database.transaction((tx) =>
      ensureMember(tx, { ...scope, issuer: deps.vault.vault.issuer, embedded: true }),
    );
    const [member] = await rows(`select left_at, unlinked_at from agentdesk.members
      join agentdesk.links using (workspace_id, member_id) where member_id = 'U0BEN'`);
    expect(member).toEqual({ left_at: null, unlinked_at: null });
    expect(await rows(`select 1 from agentdesk.accounts where status = 'connected'`)).toHaveLength(0);
  });
});
