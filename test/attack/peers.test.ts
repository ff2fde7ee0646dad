import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AIMessage } from '../../src/agent/langchain.ts';
import { expireDue } from '../../src/approvals/expire.ts';
import { listRecent } from '../../src/approvals/query.ts';
import { markSeen } from '../../src/approvals/seen.ts';
import { perform } from '../../src/calls/perform.ts';
import { findTurn } from '../../src/calls/turns.ts';
import {
  click,
  countCards,
  countEffects,
  countExchanges,
  lastPending,
  measureAttack,
} from '../support/attack.ts';
import { startTestDesk, toolCalls, WORKSPACE, type TestDesk } from '../support/desk.ts';

const MAIL = { to: ['priya@acme.test'], subject: 'Plan', text: 'The plan.' };
const id = (): string => `call_${crypto.randomUUID()}`;

describe('bugs that other approval bots have', () => {
  let test: TestDesk;
  let script: AIMessage[] = [];

  beforeAll(async () => {
    test = await startTestDesk({
      label: 'hostile',
      invoke: () => Promise.resolve(script.shift() ?? new AIMessage('done')),
    });
    for (const member of ['U0BEN', 'U0ADA']) await test.connect('google-oauth2', member);
  });
  afterEach(async () => {
    await test.database.owner`update agentdesk.approvals set status = 'cancelled' where status = 'pending'`;
  });
  afterAll(() => test.stop());

  const ask = async (args: Record<string, unknown> = MAIL) => {
    script = [toolCalls({ name: 'gmail_messages_send', args, id: id() })];
    const turn = await test.say('U0BEN', 'mail it');
    await test.desk.agent.run(turn);
    return { turn, approval: await lastPending(test) };
  };
  const events = (turn: string) =>
    test.database.owner<{ type: string; outcome: string; actor: string; code: string | null }[]>`
      select type, outcome, actor, code from agentdesk.audit_events where turn_id = ${turn} order by id`;
  it('B8 D4 time ends an approval as expired without anybody being told of it, and a click after that is late', async () => {
    const { turn, approval } = await ask();
    const effects = await measureAttack(test, 'click after expiry', 2, async () => {
      await test.database.owner`update agentdesk.approvals
        set expires_at = now() - interval '1 second' where id = ${approval.id}`;
      await expect(click(test, approval.id)).rejects.toMatchObject({ code: 'approval_expired' });
      await expireDue(test.desk.deps.approvals);
      await expect(click(test, approval.id)).rejects.toMatchObject({ code: 'already_decided' });
      const { calls } = await test.desk.agent.run(turn);
      expect(calls.map((call) => call.status)).toEqual(['expired']);
    });
    expect(effects).toBe(0);
  });

  it('A1 A7 what does not fit the card is not approved before its last page was opened', async () => {
    const { turn, approval } = await ask({ ...MAIL, text: 'long '.repeat(2_000) });
    await expect(click(test, approval.id)).rejects.toMatchObject({ code: 'not_allowed' });
    // Somebody else opening it is not the approver seeing it.
    await markSeen(test.desk.database, { workspaceId: WORKSPACE, memberId: 'U0ADA' }, approval.id, 1);
    await expect(click(test, approval.id)).rejects.toMatchObject({ code: 'not_allowed' });
    await markSeen(test.desk.database, { workspaceId: WORKSPACE, memberId: 'U0BEN' }, approval.id, 1);
    await click(test, approval.id);
    const { calls } = await test.desk.agent.run(turn);
    expect(calls.map((call) => call.status)).toEqual(['done']);
  });

  it('C2 no token leaves the vault for a send before it was approved', async () => {
    const before = await countExchanges(test);
    const { turn, approval } = await ask();
    expect(await countExchanges(test)).toBe(before);
    await click(test, approval.id);
    await test.desk.agent.run(turn);
    expect(await countExchanges(test)).toBe(before + 1);
  });

  it('C3 C8 one approval covers one call: the same mail again is asked again', async () => {
    script = [
      toolCalls({ name: 'gmail_messages_send', args: MAIL, id: id() }),
      toolCalls({ name: 'gmail_messages_send', args: MAIL, id: id() }),
    ];
    const effects = await measureAttack(test, 'the approved mail again', 2, async () => {
      const turn = await test.say('U0BEN', 'mail it');
      await test.desk.agent.run(turn);
      await click(test, (await lastPending(test)).id);
      expect((await test.desk.agent.run(turn)).status).toBe('waiting');
    });
    expect(effects).toBe(1);
  });

  it('C7 E1 one approval, one exchange, one effect: all under the code that was shown', async () => {
    const { turn, approval } = await ask();
    await click(test, approval.id);
    await test.desk.agent.run(turn);
    const coded = (await events(turn)).filter(({ code }) => code === approval.code);
    expect(coded.map(({ type, outcome }) => `${type} ${outcome}`)).toEqual([
      'call.proposed proposed',
      'call.decided approve',
      'approval.requested pending',
      'approval.decided approved',
      'call.decided approved',
      'approval.proved verified',
      'call.claimed executing',
      'lease.opened open',
      'token.exchanged granted',
      'provider.requested ok',
      'provider.requested ok',
      'call.settled done',
      'lease.ended ended',
    ]);
    expect(coded.find(({ type }) => type === 'approval.decided')?.actor).toBe('member:U0BEN');
    expect(coded.find(({ type }) => type === 'call.proposed')?.actor).toMatch(/^agent:/);
  });

  it('E2 every exchange the vault knows of has its event', async () => {
    const [row] = await test.database.owner<{ missing: string }[]>`
      select count(*) as missing from authority.exchanges x where not exists (
        select 1 from agentdesk.audit_events e
        where e.type = 'token.exchanged' and e.detail->>'lease' = x.lease_id::text)`;
    expect(Number(row?.missing)).toBe(0);
    expect(await countExchanges(test)).toBeGreaterThan(0);
  });

  it('E4 decided approvals can be listed, with who decided and how', async () => {
    const { approval } = await ask();
    await click(test, approval.id, 'deny');
    const [latest] = await listRecent(test.desk.database, WORKSPACE, 'U0BEN', 1);
    expect(latest).toMatchObject({
      id: approval.id,
      status: 'denied',
      decidedBy: 'U0BEN',
      decidedFrom: 'card',
    });
  });

  it('E6 a vault that is down is not an account that is missing', async () => {
    const { turn, approval } = await ask();
    await click(test, approval.id);
    const row = await findTurn(test.desk.deps, turn);
    if (row === null) throw new Error('no turn');
    const { vault } = test.desk.deps;
    const client = { exchangeToken: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    const down = {
      ...test.desk.deps,
      vault: { ...vault, vault: { ...vault.vault, client: client as unknown as typeof vault.vault.client } },
    };
    const before = [countEffects(test), await countCards(test)];
    const call = await perform(down, row, approval.callId);
    expect([call.status, call.errorCode]).toEqual(['failed', 'vault_unreachable']);
    expect([countEffects(test), await countCards(test)]).toEqual(before);
  });
});
