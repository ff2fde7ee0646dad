import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AIMessage } from '../../src/agent/langchain.ts';
import { expireDue } from '../../src/approvals/expire.ts';
import { editCall } from '../../src/calls/edit.ts';
import { cancelTurn, resume, stop } from '../../src/calls/stop.ts';
import { DeskError } from '../../src/errors.ts';
import { startTestDesk, toolCalls, WORKSPACE, type TestDesk } from '../support/desk.ts';
import { attackRuns, click, countEffects, lastPending, measureAttack } from '../support/attack.ts';

const MEMBER = { workspaceId: WORKSPACE, memberId: 'U0BEN' };

describe('hostile timing on real concurrent connections', () => {
  let test: TestDesk;

  beforeAll(async () => {
    test = await startTestDesk({
      label: 'one mail, then the end',
      invoke: (messages) =>
        Promise.resolve(
          messages.at(-1)?.getType() === 'tool'
            ? new AIMessage('done')
            : toolCalls({
                name: 'gmail_messages_send',
                args: { to: ['priya@acme.test'], subject: `S ${crypto.randomUUID()}`, text: 'x' },
                id: `call_${crypto.randomUUID()}`,
              }),
        ),
    });
    await test.connect('google-oauth2', 'U0BEN');
  });
  afterAll(() => test.stop());

  /** A refusal is an answer; anything else is a defect. */
  const tolerate = (work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => {
      if (!(error instanceof DeskError)) throw error;
      return error.code;
    });
  const ask = async (): Promise<{ turn: string; approvalId: string; callId: string }> => {
    const turn = await test.say('U0BEN', 'mail it');
    await test.desk.agent.run(turn);
    const approval = await lastPending(test);
    return { turn, approvalId: approval.id, callId: approval.callId };
  };

  it('C9 ten clicks at once: one decision, one effect', async () => {
    const effects = await measureAttack(test, 'ten clicks at once', 10, async () => {
      const { turn, approvalId } = await ask();
      const results = await Promise.all(Array.from({ length: 10 }, () => tolerate(click(test, approvalId))));
      expect(results.filter((result) => result !== 'already_decided')).toHaveLength(1);
      await Promise.all([test.desk.agent.run(turn), test.desk.agent.run(turn)].map(tolerate));
      await test.desk.agent.run(turn);
    });
    expect(effects).toBe(1);
  });

  it('approve and deny at once: exactly one of them, and the effect fits it', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { turn, approvalId } = await ask();
      const before = countEffects(test);
      await Promise.all([tolerate(click(test, approvalId)), tolerate(click(test, approvalId, 'deny'))]);
      const { calls } = await test.desk.agent.run(turn);
      const status = calls[0]?.status;
      expect(['done', 'denied']).toContain(status);
      expect(countEffects(test) - before).toBe(status === 'done' ? 1 : 0);
    }
  });

  it('nothing claims after stop has returned', async () => {
    const effects = await measureAttack(test, 'approve, then stop, then run', 1, async () => {
      const { turn, approvalId } = await ask();
      await click(test, approvalId);
      const started = performance.now();
      await stop(test.desk.deps, MEMBER, 'member:U0BEN');
      process.stdout.write(`stop returned in ${Math.round(performance.now() - started)} ms\n`);
      await tolerate(test.desk.agent.run(turn));
    });
    expect(effects).toBe(0);
    await resume(test.desk.deps, MEMBER, 'member:U0BEN');
  });

  it('holds in any order of approve, deny, edit, expire, stop, disconnect and run', async () => {
    const steps = fc.oneof(
      { weight: 3, arbitrary: fc.constant('approve') },
      { weight: 3, arbitrary: fc.constant('run') },
      {
        weight: 4,
        arbitrary: fc.constantFrom('deny', 'edit', 'expire', 'stop', 'stop turn', 'disconnect', 'run again'),
      },
    );
    const story = fc.array(fc.record({ step: steps, after: fc.integer({ min: 0, max: 12 }) }), {
      minLength: 2,
      maxLength: 6,
    });
    let tries = 0;
    const effects = await measureAttack(test, 'random interleavings', attackRuns(12), () =>
      fc.assert(
        fc.asyncProperty(story, async (moves) => {
          tries += 1;
          const { turn, approvalId, callId } = await ask();
          const before = countEffects(test);
          let atStop: number | null = null;
          const act: Record<string, () => Promise<unknown>> = {
            approve: () => click(test, approvalId),
            deny: () => click(test, approvalId, 'deny'),
            edit: () =>
              editCall(test.desk.deps, MEMBER, approvalId, {
                to: ['priya@acme.test'],
                subject: 'Edited',
                text: 'y',
              }),
            expire: async () => {
              await test.database
                .owner`update agentdesk.approvals set expires_at = now() - interval '1 second' where id = ${approvalId} and status = 'pending'`;
              await expireDue(test.desk.deps.approvals);
            },
            stop: async () => {
              const open = await stop(test.desk.deps, MEMBER, 'member:U0BEN');
              // What was executing when stop returned may still happen, and was named.
              atStop = open.some((call) => call.id === callId) ? null : countEffects(test);
            },
            'stop turn': async () => {
              await cancelTurn(test.desk.deps, turn, 'member:U0BEN');
              const [row] = await test.database.owner<{ status: string }[]>`
                select status from agentdesk.calls where id = ${callId}`;
              atStop = row?.status === 'executing' ? null : countEffects(test);
            },
            disconnect: () =>
              test.database
                .owner`update agentdesk.accounts set status = 'disconnected' where member_id = 'U0BEN'`,
            run: () => test.desk.agent.run(turn),
            'run again': () => test.desk.agent.run(turn),
          };
          await Promise.all(
            moves.map(async ({ step, after }) => {
              await sleep(after);
              await tolerate(act[step]?.() ?? Promise.resolve());
            }),
          );
          await tolerate(test.desk.agent.run(turn));
          const caused = countEffects(test) - before;
          const rows = await test.database.owner<{ status: string; proved: boolean; consumed: boolean }[]>`
            select c.status, p.proved_at is not null as proved, p.consumed_at is not null as consumed
            from agentdesk.calls c join agentdesk.approvals p on p.call_id = c.id where c.turn_id = ${turn}`;
          const done = rows.filter((row) => row.status === 'done');
          expect(caused).toBe(done.length);
          expect(caused).toBeLessThanOrEqual(1);
          expect(done.every((row) => row.proved && row.consumed)).toBe(true);
          if (atStop !== null) expect(countEffects(test)).toBe(atStop);
          await resume(test.desk.deps, MEMBER, 'member:U0BEN');
          await test.database
            .owner`update agentdesk.accounts set status = 'connected' where member_id = 'U0BEN'`;
          await test.database
            .owner`update agentdesk.approvals set status = 'cancelled' where status = 'pending'`;
        }),
        { numRuns: attackRuns(12), endOnFailure: true },
      ),
    );
    expect(effects).toBeLessThanOrEqual(tries);
  }, 300_000);
});
