import type { Sql } from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { catalog } from '../../src/actions/catalog.ts';
import { authorize } from '../../src/calls/authorize.ts';
import type { Call, CallDeps, Turn } from '../../src/calls/deps.ts';
import { perform } from '../../src/calls/perform.ts';
import { findTurn } from '../../src/calls/turns.ts';
import { createKeyring } from '../../src/db/seal.ts';
import { readDefaultPolicy } from '../../src/policy/default-policy.ts';
import { preparePolicy } from '../../src/policy/prepare.ts';
import { measureAttack } from '../support/attack.ts';
import { clearOpen, countAttacks, createHostileModel, freshId } from '../support/attack-desk.ts';
import { startTestDesk, type TestDesk } from '../support/desk.ts';

const ALONE = { title: 'Focus', start: '2027-03-01T09:00', end: '2027-03-01T10:00' };
const INVITING = { ...ALONE, title: 'Meet Eve', guests: ['eve@evil.example'] };

/** What a database's owner would write to have a call pass as one that needs nobody's approval. */
const ALLOW = `outcome = 'allow', status = 'allowed', settled_at = null, error_code = null, error_message = null,
  execute_by = now() + interval '5 minutes'`;
const HARMLESS = `policy_call = (select policy_call from agentdesk.calls where outcome = 'allow' limit 1)`;

describe('C4 a decision of the policy is not rewritten in the database', () => {
  let test: TestDesk;
  let allowed: Call;

  beforeAll(async () => {
    test = await startTestDesk(createHostileModel());
    await test.connect('google-oauth2', 'U0BEN');
    allowed = (await propose(test.desk.deps, ALONE)).call;
  });
  afterEach(() => clearOpen(test));
  afterAll(() => test.stop());

  const propose = async (
    deps: CallDeps,
    args: Record<string, unknown>,
  ): Promise<{ turn: Turn; call: Call }> => {
    const turn = await findTurn(deps, await test.say('U0BEN', 'plan it'));
    if (turn === null) throw new Error('no turn');
    const tool = { id: freshId(), name: 'calendar_events_insert', args, unusable: null };
    const authorized = await authorize(deps, turn, ['plan it'], tool);
    if (authorized.kind !== 'call') throw new Error('no call');
    return { turn, call: authorized.call };
  };
  const forbidding = (): CallDeps => {
    const entries = catalog.map(({ id, service, risk }) => ({ id, service, risk }));
    const policy = preparePolicy({
      catalog: entries,
      layers: [
        { name: 'built-in', cedar: readDefaultPolicy(entries) },
        {
          name: 'organisation',
          cedar:
            '@id("no-events")\n@reason("No events.")\nforbid (principal, action == Action::"calendar.events.insert", resource);',
        },
      ],
      version: 'forbidding',
    });
    const policies = { load: () => Promise.resolve(policy), loadLocked: () => Promise.resolve(policy) };
    return { ...test.desk.deps, policies: { ...test.desk.deps.policies, ...policies } };
  };

  it('runs what the policy allowed (so that the refusals below mean something)', async () => {
    const { turn, call } = await propose(test.desk.deps, ALONE);
    expect(call.status).toBe('allowed');
    expect((await perform(test.desk.deps, turn, call.id)).status).toBe('done');
  });

  it.each<[string, 'approve' | 'deny' | 'allow', string]>([
    ['approve turned to allow, the question made harmless', 'approve', `${ALLOW}, ${HARMLESS}`],
    [
      'the same, with the seal of an allowed call',
      'approve',
      `${ALLOW}, ${HARMLESS}, decision_seal = (select decision_seal from agentdesk.calls
        where outcome = 'allow' limit 1)`,
    ],
    ['the same, without a seal', 'approve', `${ALLOW}, ${HARMLESS}, decision_seal = null`],
    ['the same, with an empty seal', 'approve', `${ALLOW}, ${HARMLESS}, decision_seal = ''`],
    ['deny turned to allow', 'deny', ALLOW],
    [
      'deny turned to allow, with the version of the policy in force',
      'deny',
      `${ALLOW}, policy_version = (
      select policy_version from agentdesk.calls where outcome = 'allow' limit 1)`,
    ],
    ['the rules that decided', 'allow', `rules = '[]'`],
    ['the policy version', 'allow', `policy_version = 'x'`],
    [
      'the question: an hour of the day',
      'allow',
      `policy_call = jsonb_set(policy_call, '{context,hour}', '3')`,
    ],
  ])('refuses after: %s', async (name, outcome, change) => {
    const sql: Sql = test.database.owner;
    const effects = await measureAttack(test, `row edit, nobody asked: ${name}`, 1, async () => {
      const { turn, call } = await propose(
        outcome === 'deny' ? forbidding() : test.desk.deps,
        outcome === 'approve' ? INVITING : ALONE,
      );
      expect(call.outcome).toBe(outcome);
      await sql.unsafe(`update agentdesk.calls set ${change} where id = $1`, [call.id]);
      const before = await countAttacks(test);
      const after = await perform(test.desk.deps, turn, call.id);
      expect([after.status, after.errorCode]).toEqual(['cancelled', 'claim_refused']);
      expect(await countAttacks(test)).toBe(before + 1);
    });
    expect(effects).toBe(0);
  });

  it('holds what an older key sealed while that key is still there, and nothing of a foreign one', async () => {
    const other = createKeyring([Buffer.alloc(32, 7)]);
    const { turn, call } = await propose({ ...test.desk.deps, keyring: other }, ALONE);
    const refused = await perform(test.desk.deps, turn, call.id);
    expect(refused.errorMessage).toContain('its policy decision is not the one that was made');
    const rotated = createKeyring([Buffer.alloc(32, 9), Buffer.alloc(32, 7)]);
    const later = await propose({ ...test.desk.deps, keyring: other }, { ...ALONE, title: 'Later' });
    const done = await perform({ ...test.desk.deps, keyring: rotated }, later.turn, later.call.id);
    expect(done.status).toBe('done');
  });

  it('is another seal for another call, though the policy said the same', async () => {
    const { call } = await propose(test.desk.deps, ALONE);
    expect(call.rules).toEqual(allowed.rules);
    expect(call.decisionSeal?.equals(allowed.decisionSeal ?? Buffer.alloc(0))).toBe(false);
  });
});
