import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AIMessage } from '../../src/agent/langchain.ts';
import type { CibaClient, PollAnswer } from '../../src/approvals/ciba-client.ts';
import type { Presentation } from '../../src/approvals/presentation.ts';
import { editCall } from '../../src/calls/edit.ts';
import { perform } from '../../src/calls/perform.ts';
import { findCall, listTurnCalls } from '../../src/calls/query.ts';
import { resume, stop } from '../../src/calls/stop.ts';
import { findTurn } from '../../src/calls/turns.ts';
import { click, countCards, countEffects, lastPending, measureAttack } from '../support/attack.ts';
import { startTestDesk, toolCalls, WORKSPACE, type TestDesk } from '../support/desk.ts';

const MEMBER = { workspaceId: WORKSPACE, memberId: 'U0BEN' };
const MAIL = { to: ['priya@acme.test'], subject: 'Plan', text: 'The plan.' };
const id = (): string => `call_${crypto.randomUUID()}`;

describe('corners a hostile model, network or row can drive into', () => {
  let test: TestDesk;
  let script: AIMessage[] = [];

  beforeAll(async () => {
    test = await startTestDesk({
      label: 'hostile',
      invoke: () => Promise.resolve(script.shift() ?? new AIMessage('done')),
    });
    await test.connect('google-oauth2', 'U0BEN');
  });
  afterEach(async () => {
    await test.database.owner`update agentdesk.approvals set status = 'cancelled' where status = 'pending'`;
  });
  afterAll(() => test.stop());

  const ask = async (args: Record<string, unknown> = MAIL, text = 'mail it') => {
    script = [toolCalls({ name: 'gmail_messages_send', args, id: id() })];
    const turn = await test.say('U0BEN', text);
    await test.desk.agent.run(turn);
    return { turn, approval: await lastPending(test) };
  };
  const find = async (callId: string) => {
    const call = await findCall(test.desk.deps, callId);
    if (call === null) throw new Error('no call');
    return call;
  };
  const attacksOn = async (callId: string): Promise<number> => {
    const rows = await test.database.owner`select 1 from agentdesk.audit_events
      where call_id = ${callId} and detail->>'attack' = 'true'`;
    return rows.length;
  };

  describe('C1 rows that cannot be read', () => {
    it.each<[string, string]>([
      ['no JSON', '{"to"'],
      ['a lone surrogate', '{"a":"\\ud800"}'],
      ['not canonical', '{ "a": 1 }'],
    ])('arguments that are %s end the call, and the audit calls it an attack', async (name, bytes) => {
      const effects = await measureAttack(test, `row edit: arguments are ${name}`, 1, async () => {
        const { turn, approval } = await ask();
        await click(test, approval.id);
        await test.database.owner`update agentdesk.calls set args = convert_to(${bytes}, 'UTF8')
          where id = ${approval.callId}::uuid`;
        const outcome = await test.desk.agent.run(turn);
        expect(outcome.status).toBe('done');
        expect((await find(approval.callId)).status).toBe('cancelled');
        expect(await attacksOn(approval.callId)).toBe(1);
      });
      expect(effects).toBe(0);
    });

    it('C4 a policy that is not known here does not leave the call open for later', async () => {
      const { turn, approval } = await ask();
      await click(test, approval.id);
      await test.database.owner`update agentdesk.policy_heads set number = 999`;
      await test.desk.agent.run(turn);
      await test.database.owner`update agentdesk.policy_heads set number = 0`;
      expect((await find(approval.callId)).status).toBe('cancelled');
      const before = countEffects(test);
      const again = await findTurn(test.desk.deps, turn);
      if (again !== null) await perform(test.desk.deps, again, approval.callId);
      expect(countEffects(test)).toBe(before);
    });
  });

  describe('C3 an authority that does not say yes', () => {
    it.each<[string, PollAnswer]>([
      ['denied', { status: 'denied' }],
      ['spent for ever', { status: 'spent' }],
    ])('an authority that says “%s” lets nothing run', async (_, answer) => {
      const { turn, approval } = await ask({ ...MAIL, subject: answer.status });
      await click(test, approval.id);
      const { approvals } = test.desk.deps;
      const ciba: CibaClient = { ...approvals.ciba, poll: () => Promise.resolve(answer) };
      const deps = { ...test.desk.deps, approvals: { ...approvals, ciba } };
      const row = await findTurn(deps, turn);
      if (row === null) throw new Error('no turn');
      const before = countEffects(test);
      await perform(deps, row, approval.callId).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'vault_unreachable' });
      });
      expect(countEffects(test)).toBe(before);
    });
  });

  it('C12 an edit of the subject does not make a fetched address the person’s own', async () => {
    const { approval } = await ask({ ...MAIL, to: ['eve@evil.example', 'ada@acme.test'] });
    const edited = await editCall(test.desk.deps, MEMBER, approval.id, {
      ...MAIL,
      to: ['eve@evil.example', 'ada@acme.test', 'sam@partner.example'],
      subject: 'Another subject',
    });
    const [row] = await test.database.owner<{ presentation: Presentation }[]>`
      select presentation from agentdesk.approvals where call_id = ${edited.id}`;
    const marks = row?.presentation.targets.map(({ value, provenance }) => [value, provenance]);
    expect(marks).toEqual([
      ['eve@evil.example', 'agent'],
      ['ada@acme.test', 'agent'],
      ['sam@partner.example', 'you'],
    ]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a name beside the address', { ...MAIL, to: ['Priya <priya@acme.test>'] }],
    ['spaces around the address', { ...MAIL, to: ['  priya@acme.test '] }],
    ['the address twice', { ...MAIL, to: ['priya@acme.test', 'PRIYA@acme.test'] }],
    ['an empty list', { ...MAIL, cc: [] }],
  ])('F a denied mail is not asked again dressed up with %s', async (name, args) => {
    const turn = await test.say('U0BEN', 'mail it');
    script = [
      toolCalls({ name: 'gmail_messages_send', args: MAIL, id: id() }),
      toolCalls({ name: 'gmail_messages_send', args, id: id() }),
    ];
    await test.desk.agent.run(turn);
    await click(test, (await lastPending(test)).id, 'deny');
    const before = await countCards(test);
    const effects = await measureAttack(test, `denied, asked again with ${name}`, 1, async () => {
      expect((await test.desk.agent.run(turn)).status).toBe('done');
    });
    expect([effects, await countCards(test)]).toEqual([0, before]);
  });

  it.each<[string, string, string]>([
    ['a NUL in the id', 'a\u0000b', 'gmail_messages_list'],
    ['a lone surrogate in the id', 'a\ud800', 'gmail_messages_list'],
    ['half an emoji where the id is cut', `${'x'.repeat(79)}😀`, 'no_such_tool'],
    ['a name that only looks like a tool', id(), 'gmail_messages_list_'],
    ['the id __proto__', '__proto__', 'gmail_messages_list'],
    ['the id constructor', 'constructor', 'gmail_messages_list'],
    ['an id of 10,000 characters', 'x'.repeat(10_000), 'gmail_messages_list'],
  ])('E1 %s ends the turn in words and leaves an event', async (name, callId, tool) => {
    script = [toolCalls({ name: tool, args: { query: 'plan' }, id: callId })];
    const turn = await test.say('U0BEN', 'look');
    const effects = await measureAttack(test, `strange call: ${name}`, 1, async () => {
      expect((await test.desk.agent.run(turn)).status).toBe('done');
    });
    expect(effects).toBe(0);
    const calls = await listTurnCalls(test.desk.deps, turn);
    const refused = await test.database.owner`select 1 from agentdesk.audit_events
      where turn_id = ${turn} and type = 'call.refused'`;
    expect(calls.length + refused.length).toBeGreaterThan(0);
  });

  it.each<[string, string]>([
    ['half an emoji where it is cut', `${'x'.repeat(59)}😀`],
    ['a NUL', 'gmail_messages_list\u0000'],
  ])('C13 a tool name with %s is no tool, and the turn ends in words', async (_, name) => {
    script = [toolCalls({ name, args: { query: 'plan' }, id: id() })];
    const turn = await test.say('U0BEN', 'look');
    expect((await test.desk.agent.run(turn)).status).toBe('done');
    expect(await listTurnCalls(test.desk.deps, turn)).toEqual([]);
  });

  it.each(['not-a-uuid', '', "' or 1=1 --", '00000000-0000-0000-0000-000000000000'])(
    'B1 a forged approval id “%s” decides nothing, in one sentence and one event',
    async (approvalId) => {
      const count = async (): Promise<number> => {
        const rows = await test.database.owner`select 1 from agentdesk.audit_events
          where type = 'approval.refused' and outcome = 'approval_unknown'`;
        return rows.length;
      };
      const before = await count();
      await expect(click(test, approvalId)).rejects.toMatchObject({ code: 'approval_unknown' });
      expect(await count()).toBe(before + 1);
    },
  );

  it('no approval opens after stop has returned, however far its proposal had come', async () => {
    const { owner } = test.database;
    const turn = await test.say('U0BEN', 'mail it');
    script = [toolCalls({ name: 'gmail_messages_send', args: MAIL, id: id() })];
    const held = await owner.reserve();
    await held`select pg_advisory_lock(hashtext(${`pending/${WORKSPACE}/U0BEN`}))`;
    const running = test.desk.agent.run(turn);
    // The proposal has looked at the stop flags and waits for its place among the open approvals.
    for (;;) {
      const waiting = await owner`select 1 from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`;
      if (waiting.length > 0) break;
      await sleep(20);
    }
    const stopping = stop(test.desk.deps, MEMBER, 'member:U0BEN').then(
      () => owner`select id from agentdesk.approvals where status = 'pending'`,
    );
    await sleep(150);
    await held`select pg_advisory_unlock_all()`;
    held.release();
    expect(await stopping).toEqual([]);
    await running;
    expect(await owner`select id from agentdesk.approvals where status = 'pending'`).toEqual([]);
    await resume(test.desk.deps, MEMBER, 'member:U0BEN');
  });

  it('stop and claim never wait for each other in a circle', async () => {
    const { owner } = test.database;
    const deadlocks = async (): Promise<number> => {
      const [row] = await owner<{ deadlocks: string }[]>`select deadlocks
        from pg_stat_database where datname = current_database()`;
      return Number(row?.deadlocks ?? 0);
    };
    const { turn, approval } = await ask();
    await click(test, approval.id);
    const other = await ask({ ...MAIL, subject: 'Another' });
    const before = await deadlocks();
    const effects = countEffects(test);
    const held = await owner.reserve();
    await held`begin`;
    await held`select 1 from agentdesk.approvals where id = ${other.approval.id} for update`;
    // Stop has set its flag and waits for the approval above; the claim comes in between.
    const stopping = stop(test.desk.deps, MEMBER, 'member:U0BEN');
    await waitForWaiting(1);
    const row = await findTurn(test.desk.deps, turn);
    if (row === null) throw new Error('no turn');
    const running = perform(test.desk.deps, row, approval.callId);
    await waitForWaiting(2);
    await held`rollback`;
    held.release();
    await Promise.all([stopping, running]);
    // The server counts deadlocks when the backend that met one reports its statistics.
    await sleep(1500);
    expect([await deadlocks(), countEffects(test)]).toEqual([before, effects]);
    await resume(test.desk.deps, MEMBER, 'member:U0BEN');
  });

  const waitForWaiting = async (count: number): Promise<void> => {
    for (;;) {
      const rows = await test.database.owner`select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      if (rows.length >= count) return;
      await sleep(20);
    }
  };
});
