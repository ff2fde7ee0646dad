import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decide, type DecisionInput } from '../../src/approvals/decide.ts';
import { editCall } from '../../src/calls/edit.ts';
import { findCall, findLatestRevision } from '../../src/calls/query.ts';
import { click, measureAttack } from '../support/attack.ts';
import { ask, clearOpen, codeOf, createHostileModel, freshId } from '../support/attack-desk.ts';
import { startTestDesk, toolCalls, WORKSPACE, type TestDesk } from '../support/desk.ts';

const BEN = { workspaceId: WORKSPACE, memberId: 'U0BEN' };

describe('who decides, and when', () => {
  let test: TestDesk;
  const model = createHostileModel();
  beforeAll(async () => {
    test = await startTestDesk(model);
    for (const member of ['U0BEN', 'U0ADA']) await test.connect('google-oauth2', member);
  });
  afterEach(() => clearOpen(test));
  afterAll(() => test.stop());

  const askFor = (args: Record<string, unknown> = {}) => {
    const mail = { to: ['priya@acme.test'], subject: `S ${crypto.randomUUID()}`, text: 'x', ...args };
    model.script = [toolCalls({ name: 'gmail_messages_send', args: mail, id: freshId() })];
    return ask(test);
  };
  const countRefused = async (): Promise<number> => {
    const [row] = await test.database.owner<{ n: string }[]>`
      select count(*) as n from agentdesk.audit_events where type = 'approval.refused'`;
    return Number(row?.n ?? 0);
  };
  const decideWith = (approvalId: string, change: Partial<DecisionInput>): Promise<string> =>
    codeOf(
      decide(test.desk.deps.approvals, {
        ...BEN,
        approvalId,
        decision: 'approve',
        reason: null,
        from: { surface: 'card', channel: 'D', ts: '1' },
        ...change,
      }),
    );
  it.each<[string, Partial<DecisionInput>, string]>([
    ['B1 anybody else', { memberId: 'U0ADA' }, 'not_yours'],
    ['B2 someone of the same name in another case', { memberId: 'u0ben' }, 'not_yours'],
    ['a member of another workspace', { workspaceId: 'T0OTHER' }, 'approval_unknown'],
    ['B3 the agent itself', { memberId: 'default' }, 'not_yours'],
  ])('%s decides nothing, with one audit event', async (name, change, code) => {
    const effects = await measureAttack(test, `decided by: ${name}`, 2, async () => {
      const { turn, approval } = await askFor();
      const before = await countRefused();
      for (const decision of ['approve', 'deny'] as const)
        expect(await decideWith(approval.id, { ...change, decision })).toBe(code);
      expect(await countRefused()).toBe(before + 2);
      const outcome = await test.desk.agent.run(turn);
      expect(outcome.calls[0]?.status).toBe('pending');
    });
    expect(effects).toBe(0);
  });

  it('a decision stands: deny then approve, approve then deny, approve twice', async () => {
    const effects = await measureAttack(test, 'a second decision', 3, async () => {
      for (const [first, second] of [
        ['deny', 'approve'],
        ['approve', 'deny'],
        ['approve', 'approve'],
      ] as const) {
        const { turn, approval } = await askFor();
        await click(test, approval.id, first);
        expect(await decideWith(approval.id, { decision: second })).toBe('already_decided');
        const { calls } = await test.desk.agent.run(turn);
        expect(calls[0]?.status).toBe(first === 'deny' ? 'denied' : 'done');
      }
    });
    expect(effects).toBe(2);
  });

  it('C5 an edit is a new call: the old approval is void, the action stays, nobody else may edit', async () => {
    const effects = await measureAttack(
      test,
      'an edit by someone else, or of a decided call',
      3,
      async () => {
        const { approval } = await askFor();
        const changed = { to: ['priya@acme.test'], subject: 'Edited', text: 'y' };
        const edit = (memberId: string, args: unknown) =>
          codeOf(editCall(test.desk.deps, { ...BEN, memberId }, approval.id, args));
        expect(await edit('U0ADA', changed)).toBe('not_yours');
        expect(await edit('U0BEN', { ...changed, action: 'gmail.drafts.create' })).toBe('arguments_invalid');
        expect(await edit('U0BEN', { ...changed, subject: 5 })).toBe('arguments_invalid');
        expect(await edit('U0BEN', changed)).toBe('done');
        expect(await decideWith(approval.id, {})).toBe('already_decided');
        expect(await edit('U0BEN', changed)).toBe('not_allowed');
        const first = await findCall(test.desk.deps, approval.callId);
        if (first === null) throw new Error('no call');
        const newest = await findLatestRevision(test.desk.deps, first);
        expect([first.status, newest?.status, newest?.revision]).toEqual(['superseded', 'pending', 2]);
        expect(newest?.code).not.toBe(first.code);
      },
    );
    expect(effects).toBe(0);
  });
});
