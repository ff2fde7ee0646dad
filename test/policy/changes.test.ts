import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catalog } from '../../src/actions/catalog.ts';
import { createOfflineModel } from '../../src/agent/offline-model.ts';
import { decide } from '../../src/approvals/decide.ts';
import type { Approval, ApprovalDeps } from '../../src/approvals/deps.ts';
import { expireDue } from '../../src/approvals/expire.ts';
import type { Presentation } from '../../src/approvals/presentation.ts';
import { finishConfirmation } from '../../src/approvals/strong/confirm.ts';
import { writeStrongLink } from '../../src/approvals/strong/links.ts';
import { stop } from '../../src/calls/stop.ts';
import { finishChange } from '../../src/policy/changes/finish.ts';
import { requestChangeApproval } from '../../src/policy/changes/request.ts';
import { EMPTY_LAYER, type LayerDocument } from '../../src/policy/rules/types.ts';
import { propose } from '../../src/policy/versions/propose.ts';
import { findVersionById, readHead } from '../../src/policy/versions/read.ts';
import type { PolicyVersion } from '../../src/policy/versions/types.ts';
import { openBrowser } from '../support/browser.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';
import { answerRaw, createHolder, enrol, openStrong } from '../support/strong.ts';

const entries = catalog.map(({ id, service, risk }) => ({ id, service, risk }));
const ADA = { memberId: 'U0ADA', role: 'admin' } as const;
const ORGANISATION = { workspaceId: WORKSPACE, owner: '' };
/** Nobody mails at all. */
const STRICT: LayerDocument = {
  ...EMPTY_LAYER,
  rules: [
    {
      id: 'no-mail',
      outcome: 'deny',
      agents: [],
      who: { roles: [], groups: [] },
      actions: ['gmail.messages.send'],
      conditions: [],
      note: '',
    },
  ],
};

let test: TestDesk;
let cards: string[];
let admins: string[];

beforeAll(async () => {
  test = await startTestDesk(createOfflineModel(() => new Date()));
}, 60_000);
afterAll(() => test.stop());
beforeEach(async () => {
  cards = [];
  admins = ['U0ADA'];
  await test.database.owner`truncate agentdesk.policy_versions, agentdesk.policy_heads, agentdesk.approvals`;
});

/** Where no passkey can be: one click is enough, and the card says so. */
const PLAIN = { publicUrl: 'http://desk.example.test' };

async function change(
  document: unknown,
  baseVersion: number,
  where: Partial<ApprovalDeps> = PLAIN,
): Promise<PolicyVersion> {
  const approvals = { ...test.desk.deps.approvals, ...where };
  return propose(
    {
      database: test.desk.database,
      catalog: entries,
      keyring: test.keyring,
      onPending: (tx, version) =>
        requestChangeApproval(
          tx,
          {
            approvals,
            approvalSeconds: 600,
            postCard: (_, approval) => {
              cards.push(approval.id);
              return Promise.resolve();
            },
          },
          version,
        ),
    },
    { ...ORGANISATION, baseVersion, document, author: ADA, source: 'editor' },
  );
}

const click = (approvalId: string, decision: 'approve' | 'deny' = 'approve', memberId = 'U0ADA') =>
  decide(
    { ...test.desk.deps.approvals, ...PLAIN },
    {
      workspaceId: WORKSPACE,
      memberId,
      approvalId,
      decision,
      reason: null,
      from: { surface: 'card', channel: 'D0ADA', ts: '1.1' },
    },
  );

const finish = (approvalId: string, where: Partial<ApprovalDeps> = PLAIN): Promise<Approval | null> =>
  finishChange(
    {
      approvals: { ...test.desk.deps.approvals, ...where },
      heads: { catalog: entries, keyring: test.keyring },
      isAdmin: (_, memberId) => Promise.resolve(admins.includes(memberId)),
    },
    approvalId,
  );

const inForce = async (): Promise<number> => (await readHead(test.desk.database.db, ORGANISATION)).number;
const statusOf = async (id: string) => (await findVersionById(test.desk.database.db, id))?.status;

/** The strict policy in force, and a pending version that would lift it. */
async function lift(
  where: Partial<ApprovalDeps> = PLAIN,
): Promise<{ version: PolicyVersion; approval: string }> {
  expect((await change(STRICT, 0)).status).toBe('active');
  const version = await change(EMPTY_LAYER, 1, where);
  const [approval = ''] = cards;
  return { version, approval };
}

async function refusals(): Promise<{ outcome: string; attack: boolean }[]> {
  return test.database.owner<{ outcome: string; attack: boolean }[]>`
    select outcome, (detail->>'attack')::boolean as attack from agentdesk.audit_events
    where type = 'policy.refused' order by id`;
}

describe('a change that loosens', () => {
  it('waits for its approval, which shows it in words and as Cedar', async () => {
    const { version, approval } = await lift();
    expect([version.status, await inForce(), cards.length]).toEqual(['pending', 1, 1]);
    const [row] = await test.database.owner<
      { presentation: Presentation; tier: string; member_id: string }[]
    >`
      select presentation, tier, member_id from agentdesk.approvals where id = ${approval}`;
    expect(row).toMatchObject({ tier: 'approve', member_id: 'U0ADA' });
    expect(row?.presentation.fields[0]?.value).toContain(version.diff[0]);
    for (const { value } of row?.presentation.fields ?? []) expect(value).toBe(value.trim());
    expect(row?.presentation.notes.join(' ')).toContain('Passkeys cannot be used');
  });

  it('is in force once approved and proved, and only once', async () => {
    const { version, approval } = await lift();
    expect(await finish(approval)).toBeNull();
    expect(await inForce()).toBe(1);
    await click(approval);
    expect(await inForce()).toBe(1);
    expect((await finish(approval))?.consumedAt).not.toBeNull();
    expect([await inForce(), await statusOf(version.id)]).toEqual([2, 'active']);
    await finish(approval);
    expect(await inForce()).toBe(2);
  });

  it.each([
    ['denied', async (id: string) => void (await click(id, 'deny'))],
    [
      'expired',
      async (id: string) => {
        await test.database
          .owner`update agentdesk.approvals set expires_at = now() - interval '1 s' where id = ${id}`;
        await expireDue(test.desk.deps.approvals);
      },
    ],
    [
      'stopped',
      async () => void (await stop(test.desk.deps, { workspaceId: WORKSPACE, memberId: null }, 'test')),
    ],
  ])('is rejected for good when its approval is %s', async (_, end) => {
    const { version, approval } = await lift();
    await end(approval);
    await finish(approval);
    expect([await inForce(), await statusOf(version.id)]).toEqual([1, 'rejected']);
    await test.database.owner`delete from agentdesk.stops`;
  });

  it('is nobody else’s to approve', async () => {
    const { approval } = await lift();
    await expect(click(approval, 'approve', 'U0BEN')).rejects.toThrow();
    expect(await inForce()).toBe(1);
  });

  it('does not go into force when another change came first; nothing is used up', async () => {
    const { version, approval } = await lift();
    await click(approval);
    const rule = STRICT.rules[0];
    const stricter = {
      ...STRICT,
      rules: [rule, { ...rule, id: 'no-drafts', actions: ['gmail.drafts.create'] }],
    };
    expect((await change(stricter, 1)).status).toBe('active');
    expect((await finish(approval))?.consumedAt).toBeNull();
    expect([await inForce(), await statusOf(version.id)]).toEqual([3, 'rejected']);
  });

  it('does not go into force for someone who is no admin any more', async () => {
    const { version, approval } = await lift();
    await click(approval);
    admins = [];
    await finish(approval);
    expect([await inForce(), await statusOf(version.id)]).toEqual([1, 'rejected']);
  });

  it.each([
    ['its document', `document = '{"v":1,"rules":[],"agents":[],"grantable":["gmail.messages.send"]}'`],
    ['its Cedar text', `cedar = 'permit (principal, action, resource);'`],
    ['its diff', `diff = '{"Nothing changes."}'`],
    ['its author', `author = 'U0BEN'`],
  ])('does not go into force when %s was changed after it was shown, and it is an attack', async (_, set) => {
    const { version, approval } = await lift();
    await click(approval);
    await test.database.owner.unsafe(
      `update agentdesk.policy_versions set ${set} where id = '${version.id}'`,
    );
    await finish(approval);
    expect([await inForce(), await statusOf(version.id)]).toEqual([1, 'rejected']);
    expect((await refusals()).at(-1)).toEqual({ outcome: 'claim_refused', attack: true });
  });

  it('does not go into force by a row that says approved', async () => {
    const { version, approval } = await lift();
    await test.database.owner`update agentdesk.approvals set status = 'approved', decided_by = 'U0ADA',
      decided_at = now(), execute_by = now() + interval '5 min', proved_at = now(), proof_jti = 'made-up',
      click = 'x.y.z' where id = ${approval}`;
    await finish(approval);
    expect([await inForce(), await statusOf(version.id)]).toEqual([1, 'rejected']);
  });
});

describe('where passkeys can be', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser.close());
  const closes: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closes.splice(0)) await close();
  });

  it('takes a second device besides the click, whatever the row says', async () => {
    const desk = await openStrong(test);
    closes.push(desk.stop);
    const where = { publicUrl: desk.url };
    const holder = await createHolder(browser);
    closes.push(holder.close);
    const { approval } = await lift(where);
    const approve = () =>
      decide(desk.deps as ApprovalDeps, {
        workspaceId: WORKSPACE,
        memberId: 'U0ADA',
        approvalId: approval,
        decision: 'approve',
        reason: null,
        from: { surface: 'card', channel: 'D0ADA', ts: '1.1' },
      });
    await expect(approve()).rejects.toThrow('passkey');
    await enrol(test, desk, holder, 'U0ADA');
    await approve();
    expect(await finish(approval, where)).toBeNull();
    expect(await inForce()).toBe(1);

    const link = writeStrongLink(desk.deps, 'strong', approval) ?? '';
    expect(await holder.visit(link)).toContain('Loosen the organisation’s policy');
    await finishConfirmation(desk.deps, link.slice(link.lastIndexOf('/') + 1), await answerRaw(holder.page));
    await finish(approval, where);
    expect(await inForce()).toBe(2);
  });

  it('does not take a click alone for an approval made where there were none', async () => {
    const { version, approval } = await lift();
    await click(approval);
    await finish(approval, { publicUrl: 'https://desk.example.test' });
    expect([await inForce(), await statusOf(version.id)]).toEqual([1, 'rejected']);
  });
});
