import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPolicyStore } from '../../src/policy/head.ts';
import { describeReplay, replayCandidate } from '../../src/policy/replay/replay-candidate.ts';
import { replayStored } from '../../src/policy/replay/replay-stored.ts';
import { EMPTY_LAYER, type LayerDocument, type TypedRule } from '../../src/policy/rules/types.ts';
import { propose, type PolicyDeps } from '../../src/policy/versions/propose.ts';
import type { PolicyCall } from '../../src/policy/types.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { callOf, CATALOG, KEYRING } from './policy-calls.ts';
import { storeCall } from '../support/stored-calls.ts';

const RULE: TypedRule = {
  id: 'phone',
  outcome: 'approve_strong',
  agents: [],
  who: { roles: [], groups: [] },
  actions: ['gmail.messages.send'],
  conditions: [{ kind: 'recipients', is: 'external' }],
  note: '',
};
const PHONE: LayerDocument = { ...EMPTY_LAYER, rules: [RULE] };
const READ = callOf('gmail.messages.list', { recipients: [], guests: [] });
const INSIDE = callOf('gmail.messages.send', { recipients: ['ben@acme.com'] });
const OUTSIDE = callOf('gmail.messages.send', { recipients: ['eve@evil.example'] });
const by = (call: PolicyCall, id: string): PolicyCall => ({ ...call, member: { ...call.member, id } });

let database: TestDatabase;
let deps: PolicyDeps;

beforeAll(async () => {
  database = await createTestDatabase();
  deps = { database: database.desk, catalog: CATALOG, keyring: KEYRING };
  const store = createPolicyStore(database.desk, CATALOG, KEYRING);
  const live = () => store.load('T1', 'U1');
  await storeCall(database, await live(), READ);
  await storeCall(database, await live(), OUTSIDE);
  await propose(deps, {
    workspaceId: 'T1',
    owner: '',
    baseVersion: 0,
    document: PHONE,
    author: { memberId: 'U2', role: 'admin' },
    source: 'editor',
  });
  const first = await storeCall(database, await live(), OUTSIDE);
  // An edit to something the policy decides more leniently keeps the tier it had.
  await storeCall(database, await live(), INSIDE, { editOf: first });
  await storeCall(database, await store.load('T1', 'U2'), by(OUTSIDE, 'U2'));
  await storeCall(database, await live(), OUTSIDE, { createdAt: new Date(Date.now() - 40 * 86_400_000) });
});
afterAll(() => database.drop());

const again = () =>
  replayStored(
    { database: database.desk, archive: createPolicyStore(database.desk, CATALOG, KEYRING) },
    { workspaceId: 'T1' },
  );

describe('replaying the past', () => {
  it('decides every stored call as it was decided, each under its own version', async () => {
    expect(await again()).toEqual({ total: 6, different: 0, list: [], unknown: new Map() });
  });

  it('finds a decision that was tampered with, and leaves out what it cannot know', async () => {
    await database.owner`update agentdesk.calls set outcome = 'allow' where outcome = 'approve' and policy_call->>'action' = 'gmail.messages.send'`;
    await database.owner`update agentdesk.calls set policy_version = 'builtin-000000000000/org-0/me-0' where action = 'gmail.messages.list'`;
    const { total, different, list, unknown } = await again();
    expect({ total, different, unknown }).toEqual({
      total: 5,
      different: 1,
      unknown: new Map([['builtin-000000000000/org-0/me-0', 1]]),
    });
    expect(list).toMatchObject([{ again: 'approve', decision: { outcome: 'allow', memberId: 'U1' } }]);
  });

  it('says what a layer would change of it, against the policy in force', async () => {
    const document: LayerDocument = {
      ...EMPTY_LAYER,
      rules: [
        { ...RULE, outcome: 'deny' },
        { ...RULE, id: 'reads', outcome: 'approve', actions: ['risk:read'], conditions: [] },
      ],
    };
    const candidate = { workspaceId: 'T1', owner: '', document };
    const report = await replayCandidate(deps, candidate, { since: new Date(Date.now() - 30 * 86_400_000) });
    expect(describeReplay(report)).toBe('Would change 4 of 5: 3 now denied, 1 now ask.');
    expect(report.list[0]).toMatchObject({
      from: 'approve_strong',
      to: 'deny',
      reason: 'Never send mail when a recipient is outside your organisation.',
      decision: { memberId: 'U2' },
    });
    expect((await replayCandidate(deps, candidate, {}, 1)).list).toHaveLength(1);
    expect(describeReplay(await replayCandidate(deps, candidate, { limit: 1 }))).toBe(
      'Would change 1 of 1: 1 now denied.',
    );
    const same = await replayCandidate(deps, { ...candidate, document: PHONE }, {});
    expect(describeReplay(same)).toBe('Would change 0 of 6.');
  });

  it("looks only at the member's own calls for a member's layer", async () => {
    const document = { ...PHONE, rules: [{ ...RULE, outcome: 'deny' }] };
    const report = await replayCandidate(deps, { workspaceId: 'T1', owner: 'U2', document }, {});
    expect(describeReplay(report)).toBe('Would change 1 of 1: 1 now denied.');
    const none = await replayCandidate(deps, { workspaceId: 'T9', owner: '', document: PHONE }, {});
    expect(describeReplay(none)).toBe('There are no past calls to try it on.');
  });
});
