import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { click, countEffects, measureAttack } from '../support/attack.ts';
import { ask, clearOpen, codeOf, createMailModel, type Asked } from '../support/attack-desk.ts';
import { claim } from '../../src/calls/claim.ts';
import { startTestDesk, type TestDesk } from '../support/desk.ts';

describe('C3 C11 an approval is used once, for its own call', () => {
  let test: TestDesk;
  beforeAll(async () => {
    test = await startTestDesk(createMailModel());
    for (const member of ['U0BEN', 'U0ADA']) await test.connect('google-oauth2', member);
  });
  afterEach(() => clearOpen(test));
  afterAll(() => test.stop());

  const approved = async (member = 'U0BEN'): Promise<Asked> => {
    const asked = await ask(test, member);
    await click(test, asked.approval.id, 'approve', member);
    return asked;
  };
  const done = async (): Promise<Asked> => {
    const asked = await approved();
    const { calls } = await test.desk.agent.run(asked.turn);
    expect(calls[0]?.status).toBe('done');
    return asked;
  };

  /** What is set back on a call that was done, and on its approval. */
  const RESETS: Record<string, { call: string; approval: string }> = {
    'the approval unused again': { call: 'id = id', approval: 'consumed_at = null' },
    'the call approved again': { call: "status = 'approved'", approval: 'id = id' },
    'both, and all that tells of the first time': {
      call: `status = 'approved', settled_at = null, result = null, attempt_id = null, handle = null,
        claimed_at = null, execute_by = now() + interval '5 minutes'`,
      approval: "consumed_at = null, execute_by = now() + interval '5 minutes'",
    },
    'the call allowed': {
      call: "status = 'allowed', outcome = 'allow', settled_at = null, execute_by = now() + interval '5 minutes'",
      approval: 'id = id',
    },
  };
  it.each(Object.keys(RESETS))('does not run twice with %s', async (name) => {
    const reset = RESETS[name] ?? { call: '', approval: '' };
    const effects = await measureAttack(test, `replay: ${name}`, 2, async () => {
      const { turn, approval } = await done();
      const after = countEffects(test);
      const sql = test.database.owner;
      // The first effect is accounted for by its approval; then the rows lie.
      await measureAttack(test, 'the one effect before', 1, () => Promise.resolve());
      await sql.unsafe(`update agentdesk.approvals set ${reset.approval} where id = $1`, [approval.id]);
      await sql.unsafe(`update agentdesk.calls set ${reset.call} where id = $1`, [approval.callId]);
      await codeOf(claim(test.desk.deps, approval.callId));
      await test.desk.agent.run(turn);
      expect(countEffects(test)).toBe(after);
    });
    expect(effects).toBe(1);
  });

  const SWAPS: Record<string, (a: Asked, b: Asked) => Promise<unknown>> = {
    'the arguments of two approved calls': (a, b) => exchange('calls', 'args', a, b),
    'the nonces of two approved calls': (a, b) => exchange('calls', 'nonce', a, b),
    'the digests of two approved calls': (a, b) => exchange('calls', 'digest', a, b),
    'the presentations of two approvals': (a, b) => exchange('approvals', 'presentation', a, b),
    'the clicks of two approvals': (a, b) => exchange('approvals', 'click', a, b),
    'the digests of two approvals': (a, b) => exchange('approvals', 'digest', a, b),
  };
  const exchange = async (table: 'calls' | 'approvals', column: string, a: Asked, b: Asked) => {
    const [x, y] =
      table === 'calls' ? [a.approval.callId, b.approval.callId] : [a.approval.id, b.approval.id];
    await test.database.owner.unsafe(
      `update agentdesk.${table} t set ${column} = o.${column} from agentdesk.${table} o
       where (t.id = $1 and o.id = $2) or (t.id = $2 and o.id = $1)`,
      [x, y],
    );
  };
  it.each(Object.keys(SWAPS))('approve A, run B: swaps %s', async (name) => {
    const effects = await measureAttack(test, `swap: ${name}`, 2, async () => {
      const [a, b] = [await approved('U0BEN'), await approved('U0ADA')];
      await SWAPS[name]?.(a, b);
      for (const { turn } of [a, b]) await test.desk.agent.run(turn);
    });
    expect(effects).toBe(0);
  });

  it('approve A, run B: swaps which approval belongs to which call', async () => {
    const effects = await measureAttack(test, 'swap: which call an approval is for', 2, async () => {
      const [a, b] = [await approved(), await approved()];
      const sql = test.database.owner;
      await sql`update agentdesk.approvals set call_id = gen_random_uuid() where id = ${a.approval.id}`;
      await sql`update agentdesk.approvals set call_id = ${a.approval.callId} where id = ${b.approval.id}`;
      await sql`update agentdesk.approvals set call_id = ${b.approval.callId} where id = ${a.approval.id}`;
      for (const { turn } of [a, b]) await test.desk.agent.run(turn);
    });
    expect(effects).toBe(0);
  });

  it('one approval of two identical requests lets one of them run', async () => {
    const effects = await measureAttack(test, 'two identical requests, one approved', 2, async () => {
      const [a, b] = [await approved(), await ask(test)];
      for (const { turn } of [a, b]) await test.desk.agent.run(turn);
    });
    expect(effects).toBe(1);
  });
});
