import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { catalog } from '../../src/actions/catalog.ts';
import type { CallDeps } from '../../src/calls/deps.ts';
import { perform } from '../../src/calls/perform.ts';
import { cancelTurn, resume, stop } from '../../src/calls/stop.ts';
import { findTurn } from '../../src/calls/turns.ts';
import { readDefaultPolicy } from '../../src/policy/default-policy.ts';
import { preparePolicy } from '../../src/policy/prepare.ts';
import { disconnectAccount } from '../../src/vault/accounts/disconnect.ts';
import { findAccount } from '../../src/vault/accounts/list.ts';
import { click, countEffects, measureAttack } from '../support/attack.ts';
import { ask, clearOpen, codeOf, createMailModel } from '../support/attack-desk.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';

const BEN = { workspaceId: WORKSPACE, memberId: 'U0BEN' };

describe('C4 what changed between the click and the claim', () => {
  let test: TestDesk;
  beforeAll(async () => {
    test = await startTestDesk(createMailModel());
    await test.connect('google-oauth2', 'U0BEN');
  });
  afterEach(() => clearOpen(test));
  afterAll(() => test.stop());

  const performWith = async (deps: CallDeps, turnId: string, callId: string): Promise<string> => {
    const turn = await findTurn(deps, turnId);
    if (turn === null) throw new Error('no turn');
    return (await perform(deps, turn, callId)).errorCode ?? 'done';
  };

  it.each<[string, () => Promise<unknown>]>([
    ['the member stopped', () => stop(test.desk.deps, BEN, 'member:U0BEN')],
    [
      'the workspace was stopped',
      () => stop(test.desk.deps, { workspaceId: WORKSPACE, memberId: null }, 'operator'),
    ],
    ['everything was stopped', () => stop(test.desk.deps, { workspaceId: null, memberId: null }, 'operator')],
  ])('nothing runs after %s, not even when the rows are put back', async (name, act) => {
    const effects = await measureAttack(test, `approved, then ${name}`, 2, async () => {
      const [a, b] = [await ask(test), await ask(test)];
      await click(test, a.approval.id);
      await act();
      expect(await codeOf(click(test, b.approval.id))).toBe('already_decided');
      await test.database.owner`update agentdesk.calls set status = 'approved', settled_at = null,
        error_code = null where id = ${a.approval.callId}`;
      expect(await performWith(test.desk.deps, a.turn, a.approval.callId)).toBe('stopped');
      for (const { turn } of [a, b]) await test.desk.agent.run(turn);
      for (const scope of [
        BEN,
        { workspaceId: WORKSPACE, memberId: null },
        { workspaceId: null, memberId: null },
      ])
        await resume(test.desk.deps, scope, 'operator');
    });
    expect(effects).toBe(0);
  });

  it('nothing of a turn runs after it was stopped by its button', async () => {
    const { turn, approval } = await ask(test);
    await click(test, approval.id);
    await cancelTurn(test.desk.deps, turn, 'member:U0BEN');
    const effects = await measureAttack(test, 'approved, then the turn stopped', 1, async () => {
      await performWith(test.desk.deps, turn, approval.callId);
    });
    expect(effects).toBe(0);
  });

  it.each([
    [
      'asks at a stronger tier',
      'forbid (principal, action == Action::"gmail.messages.send", resource) unless { context.tier == Tier::"strong" };',
    ],
    ['forbids it', 'forbid (principal, action == Action::"gmail.messages.send", resource);'],
  ])('E5 an approved call does not run when the policy in force now %s', async (name, rule) => {
    const entries = catalog.map(({ id, service, risk }) => ({ id, service, risk }));
    const stricter = preparePolicy({
      catalog: entries,
      layers: [
        { name: 'built-in', cedar: readDefaultPolicy(entries) },
        { name: 'organisation', cedar: `@id("no-mail")\n@reason("No mail.")\n${rule}` },
      ],
      version: 'stricter',
    });
    const policies = { load: () => Promise.resolve(stricter), loadLocked: () => Promise.resolve(stricter) };
    const effects = await measureAttack(test, `approved, then a policy that ${name}`, 1, async () => {
      const { turn, approval } = await ask(test);
      await click(test, approval.id);
      const code = await performWith({ ...test.desk.deps, policies }, turn, approval.callId);
      expect(code).toBe('policy_stricter');
      await test.desk.agent.run(turn);
    });
    expect(effects).toBe(0);
  });

  it.each([
    ['the policy head is gone', `delete from agentdesk.policy_heads`],
    [
      'the member is linked to another subject',
      `update agentdesk.links set subject = 'slack|T0TEST|U0EVE' where member_id = 'U0BEN'`,
    ],
    [
      'the member is linked at another issuer',
      `update agentdesk.links set issuer = 'https://evil.example/' where member_id = 'U0BEN'`,
    ],
    ['the link has ended', `update agentdesk.links set unlinked_at = now() where member_id = 'U0BEN'`],
    ['a stop flag is missing', `delete from agentdesk.stops where member_id = 'U0BEN'`],
    ['the turn is gone', `update agentdesk.turns set id = id || '-moved'`],
  ])('nothing runs when %s', async (name, statement) => {
    const sql = test.database.owner;
    const { turn, approval } = await ask(test);
    await click(test, approval.id);
    const found = await findTurn(test.desk.deps, turn);
    if (found === null) throw new Error('no turn');
    await sql`create table kept_heads as select * from agentdesk.policy_heads`;
    await sql`create table kept_links as select * from agentdesk.links`;
    await sql`create table kept_stops as select * from agentdesk.stops`;
    await sql.unsafe(statement);
    const effects = await measureAttack(test, `approved, then ${name}`, 1, async () => {
      const call = await perform(test.desk.deps, found, approval.callId);
      expect(call.status).not.toBe('done');
    });
    await sql`insert into agentdesk.policy_heads select * from kept_heads on conflict do nothing`;
    await sql`update agentdesk.links l set subject = k.subject, issuer = k.issuer, unlinked_at = null
      from kept_links k where k.workspace_id = l.workspace_id and k.member_id = l.member_id`;
    await sql`insert into agentdesk.stops select * from kept_stops on conflict do nothing`;
    await sql`update agentdesk.turns set id = replace(id, '-moved', '')`;
    await sql`drop table kept_heads, kept_links, kept_stops`;
    expect(effects).toBe(0);
  });

  it('nothing runs with an account that was disconnected', async () => {
    const account = await findAccount(test.desk.database, WORKSPACE, 'U0BEN', 'google-oauth2');
    if (account === null) throw new Error('no account');
    const before = countEffects(test);
    await measureAttack(test, 'approved, then disconnected', 1, async () => {
      const { turn, approval } = await ask(test);
      await click(test, approval.id);
      await disconnectAccount(test.desk.deps.vault, account, 'member:U0BEN');
      expect(await performWith(test.desk.deps, turn, approval.callId)).toBe('claim_refused');
    });
    expect(countEffects(test)).toBe(before);
  });
});
