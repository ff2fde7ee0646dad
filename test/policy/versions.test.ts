import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeskError } from '../../src/errors.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import { createPolicyStore } from '../../src/policy/head.ts';
import { EMPTY_LAYER, type LayerDocument, type TypedRule } from '../../src/policy/rules/types.ts';
import { propose, rollBack, type PolicyDeps } from '../../src/policy/versions/propose.ts';
import { findVersionById, listVersions, readHead } from '../../src/policy/versions/read.ts';
import { rejectPending } from '../../src/policy/versions/reject-pending.ts';
import { activatePending } from '../../src/policy/versions/settle-pending.ts';
import type { PolicyVersion } from '../../src/policy/versions/types.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { callOf, CATALOG, KEYRING } from './policy-calls.ts';

const APPROVAL = '00000000-0000-4000-8000-000000000001';
const ADA = { memberId: 'U0ADA', role: 'admin' } as const;
const BEN = { memberId: 'U0BEN', role: 'member' } as const;
const mail = callOf('gmail.messages.send', { recipients: ['ben@acme.com'] });

let database: TestDatabase;
let deps: PolicyDeps;
let counter = 0;
/** A workspace of each test's own. */
let workspaceId = '';

beforeAll(async () => {
  database = await createTestDatabase();
  deps = { database: database.desk, catalog: CATALOG, keyring: KEYRING };
});
afterAll(() => database.drop());

function open(): void {
  counter += 1;
  workspaceId = `T${counter}`;
}

function rule(change: Partial<TypedRule> = {}): TypedRule {
  return {
    id: 'mail',
    outcome: 'approve_strong',
    agents: [],
    who: { roles: [], groups: [] },
    actions: ['gmail.messages.send'],
    conditions: [],
    note: '',
    ...change,
  };
}

function layer(...rules: LayerDocument['rules']): LayerDocument {
  return { ...EMPTY_LAYER, rules };
}

function save(
  document: LayerDocument,
  baseVersion: number,
  more: { owner?: string; author?: typeof ADA | typeof BEN | { memberId: string; role: 'guest' } } = {},
): Promise<PolicyVersion> {
  const { owner = '', author = owner === '' ? ADA : BEN } = more;
  return propose(deps, { workspaceId, owner, baseVersion, document, author, source: 'editor' });
}

async function codeOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => null,
    (thrown: DeskError) => thrown,
  );
  return { code: error?.code ?? 'no error', message: error?.message ?? '' };
}

async function audited(): Promise<string[]> {
  const rows = await database.owner<{ type: string; outcome: string }[]>`
    select type, outcome from agentdesk.audit_events where workspace_id = ${workspaceId} order by id`;
  return rows.map(({ type, outcome }) => `${type} ${outcome}`);
}

const decide = async (member = 'U0BEN') =>
  evaluate(await createPolicyStore(database.desk, CATALOG, KEYRING).load(workspaceId, member), mail);

describe('versions of a policy', () => {
  it('put a tightening in force at once, and name layer, rule and version in the next decision', async () => {
    open();
    expect(await decide()).toMatchObject({
      outcome: 'approve',
      policyVersion: expect.stringMatching(/^builtin-[0-9a-f]{12}\/org-0\/me-0$/),
    });
    const version = await save(layer(rule()), 0);
    expect(version).toMatchObject({
      number: 1,
      parent: 0,
      status: 'active',
      classification: 'tightening',
      author: 'U0ADA',
      diff: ['New rule: Ask on a second device before sending mail.'],
    });
    expect(await decide()).toMatchObject({
      outcome: 'approve_strong',
      rules: [{ id: 'mail', layer: 'organisation', reason: 'Ask on a second device before sending mail.' }],
      policyVersion: expect.stringMatching(/\/org-1\/me-0$/),
    });
    expect(await audited()).toEqual(['policy.proposed tightening', 'policy.activated tightening']);
  });

  it('keep a loosening pending until it is activated', async () => {
    open();
    await save(layer(rule()), 0);
    const asked: string[] = [];
    const version = await propose(
      { ...deps, onPending: (_, { id }) => Promise.resolve(void asked.push(id)) },
      { workspaceId, owner: '', baseVersion: 1, document: EMPTY_LAYER, author: ADA, source: 'editor' },
    );
    expect(version).toMatchObject({ number: 2, status: 'pending', classification: 'loosening' });
    expect(asked).toEqual([version.id]);
    expect((await decide()).outcome).toBe('approve_strong');
    const active = await database.desk.transaction((tx) =>
      activatePending(tx, deps, { versionId: version.id, approvalId: APPROVAL }),
    );
    expect(active).toMatchObject({ status: 'active', approvalId: APPROVAL });
    expect((await decide()).outcome).toBe('approve');
    expect((await readHead(database.desk.db, { workspaceId, owner: '' })).number).toBe(2);
    const history = await listVersions(database.desk.db, { workspaceId, owner: '' }, { limit: 10 });
    expect(history.map(({ number, status }) => [number, status])).toEqual([
      [2, 'active'],
      [1, 'superseded'],
    ]);
    expect(
      await codeOf(
        database.desk.transaction((tx) =>
          activatePending(tx, deps, { versionId: version.id, approvalId: APPROVAL }),
        ),
      ),
    ).toMatchObject({ code: 'policy_changed' });
  });

  it('reject once, and never activate what was rejected', async () => {
    open();
    await save(layer(rule()), 0);
    const { id } = await save(EMPTY_LAYER, 1);
    const reject = () =>
      database.desk.transaction((tx) =>
        rejectPending(tx, { versionId: id, by: 'U0ADA', reason: 'No.', approvalId: APPROVAL }),
      );
    expect(await reject()).toMatchObject({ status: 'rejected' });
    expect(await reject()).toBeNull();
    const again = database.desk.transaction((tx) =>
      activatePending(tx, deps, { versionId: id, approvalId: APPROVAL }),
    );
    expect(await codeOf(again)).toMatchObject({ code: 'not_allowed' });
    expect((await audited()).at(-1)).toBe('policy.rejected rejected');
    expect((await save(layer(rule(), rule({ id: 'more' })), 1)).number).toBe(3);
  });

  it('refuse a pending change when another one came first', async () => {
    open();
    await save(layer(rule()), 0);
    const pending = await save(EMPTY_LAYER, 1);
    await save(layer(rule(), rule({ id: 'drafts', actions: ['gmail.drafts.create'] })), 1);
    const late = database.desk.transaction((tx) =>
      activatePending(tx, deps, { versionId: pending.id, approvalId: APPROVAL }),
    );
    expect(await codeOf(late)).toMatchObject({ code: 'policy_changed' });
    expect((await decide()).outcome).toBe('approve_strong');
    expect(await findVersionById(database.desk.db, pending.id)).toMatchObject({ status: 'rejected' });
    expect((await audited()).slice(-2)).toEqual(['policy.activated tightening', 'policy.rejected rejected']);
  });

  it('tell the second of two admins who changed what, and save nothing of theirs', async () => {
    open();
    const results = await Promise.all([
      codeOf(save(layer(rule()), 0)),
      codeOf(save(layer(rule({ outcome: 'deny' })), 0)),
    ]);
    expect(results.map(({ code }) => code).sort()).toEqual(['no error', 'policy_changed']);
    const refused = results.find(({ code }) => code === 'policy_changed');
    expect(refused?.message).toMatch(/changed meanwhile by <@U0ADA>: New rule: .* look at version 1/);
    expect((await audited()).filter((line) => line.startsWith('policy.refused'))).toEqual([
      'policy.refused policy_changed',
    ]);
  });

  it('let only admins set the organisation, and only members themselves', async () => {
    open();
    expect(await codeOf(save(layer(rule()), 0, { author: BEN }))).toMatchObject({ code: 'not_allowed' });
    expect(await codeOf(save(layer(rule()), 0, { owner: 'U0BEN', author: ADA }))).toMatchObject({
      code: 'not_allowed',
    });
    const gus = { memberId: 'U0GUS', role: 'guest' } as const;
    expect(await codeOf(save(layer(rule()), 0, { owner: 'U0GUS', author: gus }))).toMatchObject({
      code: 'not_allowed',
    });
    expect((await save(layer(rule()), 0, { owner: 'U0BEN' })).status).toBe('active');
    expect((await decide('U0BEN')).outcome).toBe('approve_strong');
    expect((await decide('U0ADA')).outcome).toBe('approve');
  });

  it('refuse a setting lower than a layer above, naming it and its rule', async () => {
    open();
    await save(layer(rule()), 0);
    const lower = await codeOf(save(layer(rule({ outcome: 'approve' })), 0, { owner: 'U0BEN' }));
    expect(lower).toEqual({
      code: 'policy_too_low',
      message:
        'This cannot be set lower: your organisation\'s policy asks for more ("Ask on a second device before sending mail."). Choose "ask me on a second device" or stricter.',
    });
    const unknown = rule({ id: 'x', outcome: 'approve', actions: ['risk:delete', 'gmail.messages.send'] });
    expect((await save(layer(unknown), 0, { owner: 'U0BEN' })).status).toBe('active');
  });

  it('refuse what is not usable, and what changes nothing', async () => {
    open();
    expect(await codeOf(save(layer(rule({ actions: ['gmail.nothing'] })), 0))).toMatchObject({
      code: 'policy_invalid',
    });
    const permit = { id: 'raw', cedar: 'permit (principal, action, resource);', reason: 'All.' };
    expect(await codeOf(save(layer(permit), 0))).toMatchObject({ code: 'policy_invalid' });
    const agents = [{ name: 'triage', actions: ['*'] }];
    expect(await codeOf(save({ ...EMPTY_LAYER, agents }, 0, { owner: 'U0BEN' }))).toMatchObject({
      code: 'policy_invalid',
    });
    await save(layer(rule()), 0);
    expect(await codeOf(save(layer(rule()), 1))).toMatchObject({ code: 'policy_unchanged' });
  });

  it('roll back by a new version', async () => {
    open();
    await save(layer(rule()), 0);
    await save(layer(rule(), rule({ id: 'drafts', actions: ['gmail.drafts.create'] })), 1);
    const back = await rollBack(deps, { workspaceId, owner: '', baseVersion: 2, number: 1, author: ADA });
    expect(back).toMatchObject({ number: 3, status: 'pending', source: 'rollback', document: layer(rule()) });
    expect(back.diff).toEqual(
      ['Rule removed: Ask on a second device before creating mail drafts.'].map(() =>
        expect.stringContaining('Rule removed'),
      ),
    );
  });

  it('rebuild any past version from its rows', async () => {
    open();
    const store = createPolicyStore(database.desk, CATALOG, KEYRING);
    const before = (await store.load(workspaceId, 'U0BEN')).version;
    await save(layer(rule()), 0);
    await save(layer(rule({ outcome: 'deny' })), 1);
    const now = (await store.load(workspaceId, 'U0BEN')).version;
    const fresh = createPolicyStore(database.desk, CATALOG, KEYRING);
    const outcomes = [];
    for (const version of [before, now.replace('org-2', 'org-1'), now]) {
      outcomes.push(evaluate(await fresh.prepareVersion(workspaceId, 'U0BEN', version), mail).outcome);
    }
    expect(outcomes).toEqual(['approve', 'approve_strong', 'deny']);
    for (const version of [
      'nonsense',
      now.replace('org-2', 'org-9'),
      now.replace(/builtin-.{12}/, 'builtin-000000000000'),
    ]) {
      expect(await codeOf(fresh.prepareVersion(workspaceId, 'U0BEN', version))).toMatchObject({
        code: 'policy_unknown',
      });
    }
  });

  it('outlive a release that takes an action away and changes the built-in rules', async () => {
    open();
    const old = createPolicyStore(database.desk, CATALOG, KEYRING);
    await save(layer(rule(), rule({ id: 'gone', actions: ['github.issues.update'] })), 0);
    const { version } = await old.load(workspaceId, 'U0BEN');
    const catalog = CATALOG.filter(({ id }) => id !== 'github.issues.update').map((entry) =>
      entry.id === 'calendar.events.list' ? { ...entry, defaultTier: 'deny' as const } : entry,
    );
    const next = createPolicyStore(database.desk, catalog, KEYRING);
    const policy = await next.load(workspaceId, 'U0BEN');
    expect(policy.version).not.toBe(version);
    expect(evaluate(policy, mail).outcome).toBe('approve_strong');
    expect(evaluate(policy, callOf('github.issues.update')).rules[0]?.id).toBe('unknown_action');
    const past = await next.prepareVersion(workspaceId, 'U0BEN', version);
    expect(evaluate(past, callOf('github.issues.update')).outcome).toBe('approve_strong');
  });
});

describe('the heads', () => {
  it('are locked by a claim: a tightening waits for it, and the next claim sees it', async () => {
    open();
    const store = createPolicyStore(database.desk, CATALOG, KEYRING);
    await store.load(workspaceId, 'U0BEN');
    const order: string[] = [];
    let saving: Promise<unknown> = Promise.resolve();
    await database.desk.transaction(async (tx) => {
      const policy = await store.loadLocked(tx, workspaceId, 'U0BEN');
      expect(evaluate(policy, mail).outcome).toBe('approve');
      saving = save(layer(rule({ outcome: 'deny' })), 0).then(() => order.push('saved'));
      // The change waits for a lock that this transaction holds.
      for (let waiting = 0; waiting === 0;) {
        const [row] = await database.owner<{ n: number }[]>`
          select count(*)::int as n from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`;
        waiting = row?.n ?? 0;
      }
      order.push('claimed');
    });
    await saving;
    expect(order).toEqual(['claimed', 'saved']);
    const locked = await database.desk.transaction((tx) => store.loadLocked(tx, workspaceId, 'U0BEN'));
    expect(evaluate(locked, mail).outcome).toBe('deny');
  });

  it('must be there: without one nothing is claimed', async () => {
    open();
    const store = createPolicyStore(database.desk, CATALOG, KEYRING);
    await store.load(workspaceId, 'U0BEN');
    const other = database.desk.transaction((tx) => store.loadLocked(tx, workspaceId, 'U0CLEO'));
    expect(await codeOf(other)).toMatchObject({ code: 'claim_refused' });
  });

  it('are believed only as they were written, with the version they point at', async () => {
    open();
    await save(layer(rule()), 0);
    await save(layer(rule(), rule({ id: 'never', outcome: 'deny' })), 1);
    const { owner } = database;
    const claimed = (store = createPolicyStore(database.desk, CATALOG, KEYRING)) =>
      codeOf(database.desk.transaction((tx) => store.loadLocked(tx, workspaceId, 'U0BEN')));
    const store = createPolicyStore(database.desk, CATALOG, KEYRING);
    await store.load(workspaceId, 'U0BEN');
    const [kept] =
      await owner`select number, seal from agentdesk.policy_heads where workspace_id = ${workspaceId} and owner = ''`;
    const [text] =
      await owner`select cedar from agentdesk.policy_versions where workspace_id = ${workspaceId} and number = 2`;
    const put = (head: { number?: number; seal?: Buffer | null }) =>
      owner`update agentdesk.policy_heads set ${owner({ ...kept, ...head })} where workspace_id = ${workspaceId} and owner = ''`;
    expect(await claimed()).toMatchObject({ code: 'no error' });
    for (const head of [{ number: 0 }, { number: 1 }, { number: 1, seal: null }, { number: 0, seal: null }]) {
      await put(head);
      expect(await claimed(), JSON.stringify(head)).toMatchObject({ code: 'policy_tampered' });
      expect(await codeOf(store.load(workspaceId, 'U0BEN'))).toMatchObject({ code: 'policy_tampered' });
    }
    await put({});
    const write = (cedar: string) =>
      owner`update agentdesk.policy_versions set cedar = ${cedar} where workspace_id = ${workspaceId} and number = 2`;
    await write('');
    expect(await claimed()).toMatchObject({ code: 'policy_tampered' });
    await put({ seal: null });
    expect(await claimed()).toMatchObject({ code: 'policy_tampered' });
    await write(String(text?.['cedar']));
    // From before heads were sealed: held against the audit, and sealed by the next look at it.
    expect(await claimed()).toMatchObject({ code: 'no error' });
    await store.load(workspaceId, 'U0BEN');
    const [now] =
      await owner`select seal from agentdesk.policy_heads where workspace_id = ${workspaceId} and owner = ''`;
    expect(now?.['seal']).toEqual(kept?.['seal']);
  });

  it('and versions cannot be rewritten by the application', async () => {
    open();
    const { id } = await save(layer(rule()), 0);
    for (const statement of [
      `update agentdesk.policy_versions set document = '{}' where id = '${id}'`,
      `update agentdesk.policy_versions set cedar = '' where id = '${id}'`,
      `delete from agentdesk.policy_versions where id = '${id}'`,
      `update agentdesk.policy_built_ins set cedar = ''`,
      `delete from agentdesk.policy_heads`,
    ]) {
      await expect(database.desk.sql.unsafe(statement)).rejects.toThrow(/permission denied/);
    }
  });
});
