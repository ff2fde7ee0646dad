import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AIMessage } from '../../src/agent/langchain.ts';
import { authorize } from '../../src/calls/authorize.ts';
import { expireUnclaimed } from '../../src/calls/expire.ts';
import { findCall } from '../../src/calls/query.ts';
import { findTurn } from '../../src/calls/turns.ts';
import { click } from '../support/attack.ts';
import { ask, clearOpen, createHostileModel, freshId } from '../support/attack-desk.ts';
import { startTestDesk, toolCalls, type TestDesk } from '../support/desk.ts';

const MAIL = { to: ['priya@acme.test'], subject: 'Plan', text: 'The plan.' };
const EVENT = { title: 'Focus', start: '2027-03-01T09:00', end: '2027-03-01T10:00' };

describe('calls that nobody claims', () => {
  let test: TestDesk;
  const model = createHostileModel();

  beforeAll(async () => {
    test = await startTestDesk(model);
    await test.connect('google-oauth2', 'U0BEN');
  });
  afterEach(() => clearOpen(test));
  afterAll(() => test.stop());

  const find = async (id: string) => {
    const call = await findCall(test.desk.deps, id);
    if (call === null) throw new Error('no call');
    return call;
  };
  /** Approved by a click, and then its turn is not woken. */
  const leaveApproved = async () => {
    model.script = [
      toolCalls({ name: 'gmail_messages_send', args: { ...MAIL, subject: freshId() }, id: freshId() }),
    ];
    const { turn, approval } = await ask(test);
    await click(test, approval.id);
    return { turn, callId: approval.callId ?? '' };
  };
  /** Allowed by the policy; the process dies before the claim. */
  const leaveAllowed = async () => {
    const id = await test.say('U0BEN', 'plan it');
    const turn = await findTurn(test.desk.deps, id);
    if (turn === null) throw new Error('no turn');
    const tool = { id: freshId(), name: 'calendar_events_insert', args: EVENT, unusable: null };
    const authorized = await authorize(test.desk.deps, turn, [], tool);
    if (authorized.kind !== 'call') throw new Error('no call');
    return { turn: id, callId: authorized.call.id };
  };
  const passTime = (callId: string) => test.database.owner`
    update agentdesk.calls set execute_by = clock_timestamp() - interval '1 second' where id = ${callId}`;
  const countWork = async (turn: string): Promise<number> =>
    (await test.database.owner`select 1 from agentdesk.inbox where turn_id = ${turn} and kind = 'resume'`)
      .length;

  it.each([
    ['allowed', leaveAllowed],
    ['approved', leaveApproved],
  ])('an %s one past its time ends, audited, and its turn is woken', async (status, leave) => {
    const { turn, callId } = await leave();
    expect((await find(callId)).status).toBe(status);
    expect(await expireUnclaimed(test.desk.deps)).toBe(0);
    await passTime(callId);
    const before = await countWork(turn);
    expect(await expireUnclaimed(test.desk.deps)).toBe(1);
    const after = await find(callId);
    expect([after.status, after.errorCode, after.settledAt !== null]).toEqual([
      'expired',
      'execute_too_late',
      true,
    ]);
    const events = await test.database.owner`select outcome, actor, detail->>'unclaimed' as unclaimed
      from agentdesk.audit_events where call_id = ${callId} and type = 'call.settled'`;
    expect(events).toEqual([{ outcome: 'expired', actor: 'desk', unclaimed: 'true' }]);
    expect(await countWork(turn)).toBe(before + 1);
    expect(await expireUnclaimed(test.desk.deps)).toBe(0);
  });

  it('the turn that is woken tells its model that nothing was done', async () => {
    const { turn, callId } = await leaveApproved();
    await passTime(callId);
    await expireUnclaimed(test.desk.deps);
    let heard = '';
    const { invoke } = model;
    model.invoke = (messages) => {
      heard = String(messages.at(-1)?.content);
      return Promise.resolve(new AIMessage('It was too late.'));
    };
    const outcome = await test.desk.agent.run(turn);
    model.invoke = invoke;
    expect([outcome.status, outcome.reply]).toEqual(['done', 'It was too late.']);
    expect(JSON.parse(heard)).toMatchObject({ ok: false, code: 'execute_too_late' });
  });

  it('one that waits for a second device is left to its approval, which says so', async () => {
    const { callId } = await leaveApproved();
    await test.database
      .owner`update agentdesk.approvals set tier = 'approve_strong' where call_id = ${callId}`;
    await passTime(callId);
    expect(await expireUnclaimed(test.desk.deps)).toBe(0);
    expect((await find(callId)).status).toBe('approved');
  });

  it('two processes end each of them once, and what one has locked the other leaves', async () => {
    const left = [await leaveAllowed(), await leaveAllowed(), await leaveAllowed()];
    for (const { callId } of left) await passTime(callId);
    const [first] = left;
    await test.database.owner.begin(async (tx) => {
      await tx`select 1 from agentdesk.calls where id = ${first?.callId ?? ''} for update`;
      const both = await Promise.all([expireUnclaimed(test.desk.deps), expireUnclaimed(test.desk.deps)]);
      expect(both[0] + both[1]).toBe(2);
    });
    expect(await expireUnclaimed(test.desk.deps)).toBe(1);
    for (const { callId } of left) expect((await find(callId)).status).toBe('expired');
  });

  it('one that was tried twice in vain ends at once instead', async () => {
    model.script = [toolCalls({ name: 'calendar_events_insert', args: EVENT, id: freshId() })];
    const fault = {
      match: (method: string, path: string) => method === 'POST' && path.endsWith('/events'),
      status: 503,
    };
    test.google.world.faults.failNext(fault);
    test.google.world.faults.failNext(fault);
    const { calls } = await test.desk.agent.run(await test.say('U0BEN', 'plan it'));
    expect(calls.map(({ status, errorCode }) => [status, errorCode])).toEqual([
      ['cancelled', 'not_done_twice'],
    ]);
  });
});
