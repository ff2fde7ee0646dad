import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catalog as actions } from '../../src/actions/catalog.ts';
import { decide } from '../../src/approvals/decide.ts';
import type { Presentation } from '../../src/approvals/presentation.ts';
import { authorize } from '../../src/calls/authorize.ts';
import type { Call } from '../../src/calls/deps.ts';
import { draftGrant } from '../../src/calls/grants/draft.ts';
import { proposeGrant, type GrantWish } from '../../src/calls/grants/propose-grant.ts';
import { perform } from '../../src/calls/perform.ts';
import { findApprovalOf, findCall } from '../../src/calls/query.ts';
import { resume, stop } from '../../src/calls/stop.ts';
import { findTurn } from '../../src/calls/turns.ts';
import { finishGrant } from '../../src/policy/grants/decide.ts';
import { revokeGrant } from '../../src/policy/grants/end.ts';
import { listGrants } from '../../src/policy/grants/query.ts';
import { createPolicyStore } from '../../src/policy/head.ts';
import { replayStored } from '../../src/policy/replay/replay-stored.ts';
import { EMPTY_LAYER, type LayerDocument, type TypedRule } from '../../src/policy/rules/types.ts';
import { propose } from '../../src/policy/versions/propose.ts';
import { readHead } from '../../src/policy/versions/read.ts';
import { activatePending } from '../../src/policy/versions/settle-pending.ts';
import type { DecidingRule } from '../../src/policy/types.ts';
import { codeOf, createHostileModel, freshId } from '../support/attack-desk.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';

const catalog = actions.map(({ id, service, risk }) => ({ id, service, risk }));
const BEN = { workspaceId: WORKSPACE, memberId: 'U0BEN' };
const ISSUE = { repository: 'acme/website', number: 1 };
const GRANTABLE: LayerDocument = {
  ...EMPTY_LAYER,
  grantable: ['github.issues.createComment', 'risk:delete'],
};
const PHONE: TypedRule = {
  id: 'phone',
  outcome: 'approve_strong',
  agents: [],
  who: { roles: [], groups: [] },
  actions: ['github.issues.createComment'],
  conditions: [],
  note: '',
};
const ANY_TEXT: GrantWish = { open: { body: 'free' }, uses: 2, hours: 8 };

let test: TestDesk;
beforeAll(async () => {
  test = await startTestDesk(createHostileModel());
  for (const connection of ['google-oauth2', 'github'] as const) await test.connect(connection, 'U0BEN');
});
afterAll(() => test.stop());
beforeEach(async () => {
  await test.database.owner`update agentdesk.grants set status = 'ended' where status = 'active'`;
  await putInForce(GRANTABLE);
});

/** The organisation's policy, whatever it takes. */
async function putInForce(document: LayerDocument): Promise<void> {
  const deps = { database: test.desk.database, catalog, keyring: test.keyring };
  const place = { workspaceId: WORKSPACE, owner: '' };
  const { number } = await readHead(deps.database.db, place);
  const author = { memberId: 'U0ADA', role: 'admin' } as const;
  const change = { ...place, baseVersion: number, document, author, source: 'editor' as const };
  const version = await propose(deps, change).catch((error: unknown) => {
    if ((error as { code?: string }).code === 'policy_unchanged') return null;
    throw error;
  });
  if (version?.status === 'pending')
    await deps.database.transaction((tx) =>
      activatePending(tx, deps, { versionId: version.id, approvalId: version.id }),
    );
}

async function ask(name: string, args: object, words = ['acme/website#1'], turnId?: string): Promise<Call> {
  const { deps } = test.desk;
  const turn = await findTurn(deps, turnId ?? (await test.say('U0BEN', words.join(' '))));
  if (turn === null) throw new Error('no turn');
  const found = await authorize(deps, turn, words, { id: freshId(), name, args, unusable: null });
  if (found.kind !== 'call') throw new Error(found.kind);
  return found.call;
}
const comment = (body: string, more: object = {}): Promise<Call> =>
  ask('github_issues_createComment', { ...ISSUE, body, ...more });

async function run(call: Call): Promise<Call> {
  const turn = await findTurn(test.desk.deps, call.turnId);
  if (turn === null) throw new Error('no turn');
  return perform(test.desk.deps, turn, call.id);
}

function click(approvalId: string, decision: 'approve' | 'deny' = 'approve') {
  const from = { surface: 'card', channel: 'D0BEN', ts: '1.1' } as const;
  return decide(test.desk.deps.approvals, { ...BEN, approvalId, decision, reason: null, from });
}

/** A call that was asked for, approved and done; @returns its approval's id */
async function done(call: Call): Promise<string> {
  const approval = await findApprovalOf(test.desk.deps, call.id);
  await click(approval?.id ?? '');
  expect((await run((await findCall(test.desk.deps, call.id)) ?? call)).status).toBe('done');
  return approval?.id ?? '';
}

async function request(approvalId: string, wish: GrantWish = ANY_TEXT) {
  const draft = await draftGrant(test.desk.deps, BEN, approvalId);
  return proposeGrant(test.desk.deps, draft, wish, () => Promise.resolve());
}

/** A grant that counts. */
async function granted(wish: GrantWish = ANY_TEXT): Promise<string> {
  const asked = await request(await done(await comment(freshId())), wish);
  await finishGrant(test.desk.deps.approvals, await click(asked.id));
  return asked.grantId ?? '';
}

const open = () => listGrants(test.desk.database.db, BEN, 10);
const events = (type: string) => test.database.owner<{ outcome: string; detail: Record<string, unknown> }[]>`
  select outcome, detail from agentdesk.audit_events where type = ${type} order by id`;

describe('a bounded grant', () => {
  it('shows its whole template, counts only once approved, and then takes the place of asking', async () => {
    const asked = await request(await done(await comment('first')));
    const shown = asked.presentation as Presentation;
    expect([asked.kind, asked.tier, shown.title]).toEqual([
      'grant',
      'approve',
      'Allow again: Comment on a GitHub issue',
    ]);
    expect(shown.fields.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      'How often: up to 2 times',
      expect.stringMatching(/^Until: /),
      'Repository: acme/website',
      'Issue: 1',
      expect.stringMatching(/^Title of the issue: /),
      'Comment (may vary): anything',
    ]);
    expect((await comment('too soon')).status).toBe('pending');
    await finishGrant(test.desk.deps.approvals, await click(asked.id));
    const call = await comment('second');
    const [rule] = call.rules as DecidingRule[];
    expect([call.status, rule?.layer]).toEqual(['allowed', 'grant']);
    expect(rule?.reason).toMatch(
      /^You allowed this up to 2 times until .* UTC: Comment on a GitHub issue, acme\/website/,
    );
    expect((await run(call)).status).toBe('done');
    const [used] = (await events('grant.used')).slice(-1);
    expect(used?.detail).toMatchObject({ grant: asked.grantId, use: 1, max_uses: 2 });
    expect((await open()).map(({ uses }) => uses)).toEqual([1]);
  });

  it('does not reach another target, other arguments, or words that were read', async () => {
    await granted();
    expect((await comment('x', { number: 2 })).status).toBe('pending');
    expect((await ask('github_issues_create', { repository: 'acme/website', title: 'x' })).status).toBe(
      'pending',
    );
    const turn = await test.say('U0BEN', 'look at acme/website#1');
    await run(await ask('github_issues_get', ISSUE, ['acme/website#1', 'acme/website'], turn));
    const [row] = await test.database.owner<{ result: { data: { title: string } } }[]>`
      select result from agentdesk.calls where turn_id = ${turn}`;
    const read = row?.result.data.title ?? '';
    expect(read.length).toBeGreaterThan(3);
    const words = ['acme/website#1', 'acme/website'];
    const again = { ...ISSUE, body: read };
    expect((await ask('github_issues_createComment', again, words, turn)).status).toBe('pending');
    expect((await ask('github_issues_createComment', { ...ISSUE, body: 'own' }, words, turn)).status).toBe(
      'allowed',
    );
  });

  it('takes enumerated values, and nothing else', async () => {
    await granted({ open: { body: ['yes', 'no'] }, uses: 5, hours: 1 });
    expect((await comment('yes')).status).toBe('allowed');
    expect((await comment('maybe')).status).toBe('pending');
  });

  it('is used exactly as often as it may be, however many calls are claimed at once', async () => {
    const id = await granted({ ...ANY_TEXT, uses: 3 });
    const calls = await Promise.all(Array.from({ length: 8 }, (_, index) => comment(`at once ${index}`)));
    expect(new Set(calls.map(({ status }) => status))).toEqual(new Set(['allowed']));
    const ended = await Promise.all(calls.map(run));
    expect(ended.filter(({ status }) => status === 'done')).toHaveLength(3);
    expect(ended.filter(({ errorCode }) => errorCode === 'grant_over')).toHaveLength(5);
    const [row] = await test.database.owner`select uses from agentdesk.grants where id = ${id}`;
    expect(row?.['uses']).toBe(3);
    expect((await comment('once more')).status).toBe('pending');
  });

  it('is refused where the organisation does not let it, for deletions, and below the tier of the policy', async () => {
    const mail = await ask('gmail_messages_send', { to: ['priya@acme.test'], subject: 'S', text: 'T' }, [
      'priya@acme.test',
    ]);
    expect(await codeOf(request(await done(mail)))).toBe('grant_refused');
    const approval = await done(await comment('x'));
    expect(await codeOf(request(approval, { ...ANY_TEXT, open: { number: 'free' } }))).toBe('grant_refused');
    expect(await codeOf(request(approval, { ...ANY_TEXT, hours: 25 }))).toBe('grant_refused');
    expect(await codeOf(draftGrant(test.desk.deps, { ...BEN, memberId: 'U0ADA' }, approval))).toBe(
      'not_yours',
    );
    await putInForce({ ...GRANTABLE, rules: [PHONE] });
    expect((await request(approval)).tier).toBe('approve_strong');
  });

  it('ends when it is revoked, stopped or denied, also for calls that were let through by it', async () => {
    const id = await granted();
    const call = await comment('waits');
    await revokeGrant(test.desk.database, BEN, { id });
    expect(await codeOf(revokeGrant(test.desk.database, BEN, { id }))).toBe('grant_unknown');
    expect(await run(call)).toMatchObject({ status: 'cancelled', errorCode: 'grant_over' });
    await granted();
    await stop(test.desk.deps, BEN, 'member:U0BEN');
    await resume(test.desk.deps, BEN, 'member:U0BEN');
    expect(await open()).toEqual([]);
    const asked = await request(await done(await comment('x')));
    await click(asked.id, 'deny');
    expect(await open()).toEqual([]);
    expect((await events('grant.refused')).at(-1)?.outcome).toBe('grant_refused');
  });

  it('ends for good when the policy becomes stricter, or no longer lets it be granted', async () => {
    for (const stricter of [
      { ...GRANTABLE, rules: [PHONE] },
      { ...GRANTABLE, grantable: [] },
    ]) {
      await granted();
      const call = await comment('waits');
      await putInForce(stricter);
      await putInForce(GRANTABLE);
      expect(await open()).toEqual([]);
      expect(await run(call)).toMatchObject({ status: 'cancelled', errorCode: 'grant_over' });
    }
  });

  it('does not change a denial', async () => {
    await granted();
    await putInForce({ ...GRANTABLE, rules: [{ ...PHONE, outcome: 'deny' }] });
    await test.database
      .owner`update agentdesk.grants set status = 'active' where status = 'ended' and uses = 0`;
    expect((await comment('x')).status).toBe('refused');
  });

  it('is noticed when its row was changed by hand', async () => {
    const { owner } = test.database;
    const changes = [
      () =>
        owner`update agentdesk.grants set template = jsonb_set(template, '{number}', '{"kind":"fixed","value":2}') where status = 'active'`,
      () =>
        owner`update agentdesk.grants set expires_at = expires_at + interval '1 day' where status = 'active'`,
      () => owner`update agentdesk.grants set max_uses = 1000 where status = 'active'`,
      () => owner`update agentdesk.approvals set click = null where kind = 'grant'`,
    ];
    for (const change of changes) {
      await granted();
      const call = await comment('x');
      await change();
      expect(await run(call)).toMatchObject({ status: 'cancelled', errorCode: 'claim_refused' });
      expect((await events('call.refused')).at(-1)?.detail['attack']).toBe(true);
      await owner`update agentdesk.grants set status = 'ended' where status = 'active'`;
    }
    await granted();
    expect((await run(await comment('one'))).status).toBe('done');
    const second = await comment('two');
    await owner`update agentdesk.grants set uses = 0 where status = 'active'`;
    expect(await run(second)).toMatchObject({ status: 'cancelled', errorCode: 'claim_refused' });
  });

  it('leaves every decision replayable', async () => {
    const archive = createPolicyStore(test.desk.database, catalog, test.keyring);
    const { total, different, unknown } = await replayStored(
      { database: test.desk.database, archive },
      { workspaceId: WORKSPACE },
    );
    expect(total).toBeGreaterThan(20);
    expect({ different, unknown: unknown.size }).toEqual({ different: 0, unknown: 0 });
  });
});
