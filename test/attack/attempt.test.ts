import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AIMessage } from '../../src/agent/langchain.ts';
import { prove } from '../../src/approvals/prove.ts';
import { claim } from '../../src/calls/claim.ts';
import type { CallDeps, Turn } from '../../src/calls/deps.ts';
import { perform } from '../../src/calls/perform.ts';
import { findApprovalOf, findCall } from '../../src/calls/query.ts';
import { reconcile } from '../../src/calls/reconcile.ts';
import { findTurn } from '../../src/calls/turns.ts';
import { click, countEffects, lastPending, measureAttack } from '../support/attack.ts';
import { createNetwork, type Network } from '../support/attack-proxy.ts';
import { startTestDesk, toolCalls, type TestDesk } from '../support/desk.ts';

const SEND = '/gmail/v1/users/me/drafts/send';

describe('attempts that overtake each other', () => {
  let test: TestDesk;
  let network: Network;
  let deps: CallDeps;

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
    network = await createNetwork(test.desk.deps.vault.resolveHost('gmail.googleapis.com'));
    deps = { ...test.desk.deps, vault: { ...test.desk.deps.vault, resolveHost: () => network.origin } };
  });
  afterEach(() => {
    network.onTheWay = () => Promise.resolve(true);
  });
  afterAll(async () => {
    await network.stop();
    await test.stop();
  });

  const approved = async (): Promise<{ turn: Turn; callId: string }> => {
    const id = await test.say('U0BEN', 'mail it');
    await test.desk.agent.run(id);
    const approval = await lastPending(test);
    await click(test, approval.id);
    const turn = await findTurn(deps, id);
    if (turn === null) throw new Error('no turn');
    return { turn, callId: approval.callId };
  };
  const must = async (callId: string) => {
    const call = await findCall(deps, callId);
    if (call === null) throw new Error('no call');
    return call;
  };
  /** A process claims, and then stands still before it sends anything. */
  const claimAndStall = async (callId: string) => {
    const approval = await findApprovalOf(deps, callId);
    if (approval === null) throw new Error('no approval');
    await prove(deps.approvals, approval);
    const claimed = await claim(deps, callId);
    if (claimed === null) throw new Error('not claimed');
    return claimed.call;
  };

  it('C10 D5 a reading of an older attempt does not release the newer one that is sending', async () => {
    const { turn, callId } = await approved();
    const effects = await measureAttack(test, 'stale reading of an older attempt', 1, async () => {
      const stale = await claimAndStall(callId);
      expect((await reconcile(deps, stale)).status).toBe('approved');
      network.onTheWay = async (_, path) => {
        // A second reader, which looked when the first did, settles only now.
        if (path === SEND) await reconcile(deps, stale);
        return true;
      };
      expect((await perform(deps, turn, callId)).status).toBe('done');
      await perform(deps, turn, callId);
    });
    expect(effects).toBe(1);
  });

  it('C10 the failure of an older attempt does not settle the newer one', async () => {
    const { turn, callId } = await approved();
    const effects = await measureAttack(test, 'late failure of an older attempt', 1, async () => {
      const gate = Promise.withResolvers<undefined>();
      const reached = Promise.withResolvers<undefined>();
      let first = true;
      network.onTheWay = async (_, path) => {
        if (path !== '/gmail/v1/users/me/drafts' || !first) return true;
        first = false;
        reached.resolve(undefined);
        await gate.promise;
        return false;
      };
      const older = perform(deps, turn, callId);
      await reached.promise;
      // Its time runs out while it stands still; someone reads back and lets the call go again.
      await test.database.owner`update agentdesk.leases
        set expires_at = now() - interval '1 hour' where call_id = ${callId}::uuid`;
      expect((await reconcile(deps, await must(callId))).status).toBe('approved');
      network.onTheWay = async (_, path) => {
        if (path !== SEND) return true;
        gate.resolve(undefined);
        await older;
        return true;
      };
      expect((await perform(deps, turn, callId)).status).toBe('done');
      await perform(deps, turn, callId);
    });
    expect(effects).toBe(1);
  });

  it('D5 a request that was given up here and arrives there all the same is not sent twice', async () => {
    const { turn, callId } = await approved();
    const effects = await measureAttack(test, 'lost request that arrives late', 1, async () => {
      let first = true;
      network.onTheWay = (_, path) => {
        const lose = path === SEND && first;
        if (lose) first = false;
        return Promise.resolve(!lose);
      };
      await perform(deps, turn, callId);
      await perform(deps, turn, callId);
      await network.deliverLost();
      await perform(deps, turn, callId);
    });
    expect(effects).toBe(1);
    expect(['done', 'executing']).toContain((await must(callId)).status);
  });

  it('C10 two performs and two readings at once: one effect', async () => {
    const { turn, callId } = await approved();
    const before = countEffects(test);
    await Promise.all([
      perform(deps, turn, callId),
      perform(deps, turn, callId),
      must(callId).then((call) => perform(deps, turn, call.id)),
    ]);
    await perform(deps, turn, callId);
    expect(countEffects(test) - before).toBe(1);
  });
});
