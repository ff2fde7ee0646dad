import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expireDue } from '../../src/approvals/expire.ts';
import { editCall } from '../../src/calls/edit.ts';
import { cancelTurn, resume, stop } from '../../src/calls/stop.ts';
import { attackRuns, click, countEffects, measureAttack } from '../support/attack.ts';
import { ask, clearOpen, codeOf, createMailModel, type Asked } from '../support/attack-desk.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';

const BEN = { workspaceId: WORKSPACE, memberId: 'U0BEN' };

/** Pairs of things that happen to one call at the same moment, a few milliseconds apart either way. */
describe('two things at once', () => {
  let test: TestDesk;
  beforeAll(async () => {
    test = await startTestDesk(createMailModel());
    await test.connect('google-oauth2', 'U0BEN');
  });
  afterEach(() => clearOpen(test));
  afterAll(() => test.stop());

  const rounds = Math.max(3, Math.round(attackRuns(12) / 4));
  const overlap = async (first: () => Promise<unknown>, second: () => Promise<unknown>, round: number) => {
    const late = (round % 4) * 2;
    const [a, b] = await Promise.all([
      codeOf(sleep(round % 2 === 0 ? late : 0).then(first)),
      codeOf(sleep(round % 2 === 0 ? 0 : late).then(second)),
    ]);
    return [a, b] as const;
  };
  const statusOf = async (callId: string): Promise<string> => {
    const [row] = await test.database.owner<
      { status: string }[]
    >`select status from agentdesk.calls where id = ${callId}`;
    return row?.status ?? '';
  };
  const settle = async ({ turn, approval }: Asked): Promise<{ status: string; caused: number }> => {
    const before = countEffects(test);
    await codeOf(test.desk.agent.run(turn));
    return { status: await statusOf(approval.callId), caused: countEffects(test) - before };
  };

  it('approve and expire: one of them wins, and the effect fits it', async () => {
    await measureAttack(test, 'approve and expire at once', rounds, async () => {
      for (let round = 0; round < rounds; round += 1) {
        const asked = await ask(test);
        const { id } = asked.approval;
        // Its end is put into the next few milliseconds, so that the clock decides in the middle of the click.
        await test.database.owner`update agentdesk.approvals
          set expires_at = clock_timestamp() + ${`${4 + (round % 3) * 6} milliseconds`}::interval where id = ${id}`;
        const [approved] = await overlap(
          () => click(test, id),
          async () => {
            await sleep(8);
            await expireDue(test.desk.deps.approvals);
          },
          round,
        );
        await expireDue(test.desk.deps.approvals);
        const { status, caused } = await settle(asked);
        // The digest holds the end that was shown, so a moved one never runs, whoever won.
        expect(['cancelled', 'expired']).toContain(status);
        expect(approved === 'done' ? 'cancelled' : 'expired').toBe(status);
        expect(caused).toBe(0);
      }
    });
  });

  it('approve and edit: the old revision runs, or the new one is asked for; never both', async () => {
    await measureAttack(test, 'approve and edit at once', rounds, async () => {
      for (let round = 0; round < rounds; round += 1) {
        const asked = await ask(test);
        const [approved, edited] = await overlap(
          () => click(test, asked.approval.id),
          () =>
            editCall(test.desk.deps, BEN, asked.approval.id, {
              to: ['priya@acme.test'],
              subject: `Edited ${round}`,
              text: 'y',
            }),
          round,
        );
        expect([approved, edited].filter((code) => code === 'done')).toHaveLength(1);
        const { status, caused } = await settle(asked);
        expect([status, caused]).toEqual(approved === 'done' ? ['done', 1] : ['superseded', 0]);
        await clearOpen(test);
      }
    });
  });

  it.each<[string, (turn: string) => Promise<unknown>]>([
    ['stop', () => stop(test.desk.deps, BEN, 'member:U0BEN')],
    ['stop of the turn', (turn) => cancelTurn(test.desk.deps, turn, 'member:U0BEN')],
    [
      'disconnect',
      () =>
        test.database.owner`update agentdesk.accounts set status = 'disconnected' where member_id = 'U0BEN'`,
    ],
  ])('claim and %s: what had not been claimed when it returned does not run', async (name, act) => {
    await measureAttack(test, `claim and ${name} at once`, rounds, async () => {
      for (let round = 0; round < rounds; round += 1) {
        const asked = await ask(test);
        await click(test, asked.approval.id);
        const before = countEffects(test);
        let claimedAtEnd = '';
        await overlap(
          () => test.desk.agent.run(asked.turn),
          async () => {
            await sleep((round * 7) % 60);
            await act(asked.turn);
            claimedAtEnd = await statusOf(asked.approval.callId);
          },
          round,
        );
        await codeOf(test.desk.agent.run(asked.turn));
        const caused = countEffects(test) - before;
        expect(caused).toBeLessThanOrEqual(1);
        if (caused === 1) expect(['executing', 'done']).toContain(claimedAtEnd);
        await resume(test.desk.deps, BEN, 'member:U0BEN');
        await test.database
          .owner`update agentdesk.accounts set status = 'connected' where member_id = 'U0BEN'`;
      }
    });
  });

  it('C9 five processes resume one approved turn: one effect', async () => {
    const effects = await measureAttack(test, 'five resumes at once', 5, async () => {
      const { turn, approval } = await ask(test);
      await click(test, approval.id);
      await Promise.all(Array.from({ length: 5 }, () => codeOf(test.desk.agent.run(turn))));
      await test.desk.agent.run(turn);
    });
    expect(effects).toBe(1);
  });
});
