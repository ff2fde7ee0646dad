import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catalog } from '../../src/actions/catalog.ts';
import type { Approval } from '../../src/approvals/deps.ts';
import { expireDue } from '../../src/approvals/expire.ts';
import { listPending } from '../../src/approvals/query.ts';
import { chooseDevice } from '../../src/approvals/strong/choose-device.ts';
import { sealFactor } from '../../src/approvals/strong/factor-seal.ts';
import { findFactorProblem, listFactors, listTenantFactors } from '../../src/approvals/strong/factors.ts';
import { writeStrongLink } from '../../src/approvals/strong/links.ts';
import { requestFactorChange } from '../../src/approvals/strong/requests.ts';
import { enrolIdentity } from '../../src/approvals/strong/tenant/link-factor.ts';
import { factors } from '../../src/db/schema/factors.ts';
import { finishRelink } from '../../src/links/finish.ts';
import { finishChange } from '../../src/policy/changes/finish.ts';
import { requestChangeApproval } from '../../src/policy/changes/request.ts';
import { EMPTY_LAYER, type LayerDocument } from '../../src/policy/rules/types.ts';
import { propose } from '../../src/policy/versions/propose.ts';
import { readHead } from '../../src/policy/versions/read.ts';
import { click, measureAttack } from '../support/attack.ts';
import { clearOpen, codeOf } from '../support/attack-desk.ts';
import { openBrowser } from '../support/browser.ts';
import { WORKSPACE } from '../support/desk.ts';
import { createHolder } from '../support/strong.ts';
import { startDeviceDesk, type DeviceDesk } from '../support/tenant/device.ts';

let desk: DeviceDesk;

beforeAll(async () => {
  desk = await startDeviceDesk();
  await desk.link('U0ADA', 'ada@acme.test');
  await desk.letItCount();
  await desk.letItCount('U0ADA');
});
beforeEach(() => desk.quiet());
afterEach(() => clearOpen(desk));
afterAll(() => desk.stop());

const entries = catalog.map(({ id, service, risk }) => ({ id, service, risk }));
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

async function findPending(memberId: string, kind: Approval['kind']): Promise<Approval> {
  const found = (await listPending(desk.desk.database, WORKSPACE, memberId, 10)).find(
    (one) => one.kind === kind,
  );
  if (found === undefined) throw new Error(`no approval of kind ${kind}`);
  return found;
}

/** Nobody takes up the phone, and time runs out. */
async function letItExpire({ id }: Approval): Promise<void> {
  await desk.database.owner`update agentdesk.approvals set execute_by = now() where id = ${id}`;
  await expireDue(desk.desk.deps.approvals);
}

/** Every Slack-side power, and no second device. */
describe('a stolen Slack session', () => {
  it('has no effect at the strong tier', async () => {
    const effects = await measureAttack(
      desk,
      'stolen Slack session, no second device (tenant)',
      4,
      async () => {
        for (let time = 0; time < 4; time += 1) {
          const asked = await desk.approve();
          await desk.tick();
          await desk.tick();
          expect(await codeOf(click(desk, asked.approval.id, 'approve'))).toBe('already_decided');
          await desk.desk.agent.run(asked.turn);
          expect(await desk.status(asked)).toMatchObject({ approval: 'approved', call: 'approved' });
        }
      },
    );
    expect(effects).toBe(0);
  });

  it('cannot vouch for, remove, or replace the second device', async () => {
    const { approvals } = desk.desk.deps;
    const thief = { workspaceId: WORKSPACE, memberId: 'U0BEN' };
    const [identity] = await desk.database
      .owner`select id from agentdesk.factors where member_id = 'U0BEN' and removed_at is null`;
    const factorId = String(identity?.['id']);
    for (const kind of ['vouch', 'remove'] as const) {
      const change = requestFactorChange(approvals, thief, { kind, factorId, isAdmin: true });
      expect(await codeOf(change)).toBe('not_allowed');
    }
    // A passkey is theirs to make, announced; no time makes it count beside the phone, and the phone is asked all the same.
    const enrol = await requestFactorChange(approvals, thief, {
      kind: 'enrol',
      factorId: null,
      isAdmin: false,
    });
    const browser = await openBrowser();
    const holder = await createHolder(browser);
    await holder.visit(writeStrongLink(approvals, 'passkey', enrol.id) ?? '');
    expect(await holder.press()).toContain('It counts when an admin vouches for it');
    await holder.close();
    await browser.close();
    await desk.letItCount();
    const passkeys = await listFactors(approvals, desk.desk.database.db, thief);
    expect(passkeys).toMatchObject([{ counts: false }]);
    expect(findFactorProblem(passkeys)?.code).toBe('factor_unvouched');
    expect(desk.news.at(-1)?.adminText).toContain('once an admin vouches');
    await desk.approve();
    await desk.tick();
    expect(desk.phone().sub).toBe('auth0|ben');
  });

  it('cannot have its own phone asked, where a passkey counts and there is no link yet', async () => {
    const { approvals } = desk.desk.deps;
    const cat = { workspaceId: WORKSPACE, memberId: 'U0CAT' };
    const factor = {
      id: '22222222-2222-4222-8222-222222222222',
      ...cat,
      kind: 'passkey' as const,
      credentialId: 'cats-own',
      publicKey: Buffer.from('key'),
      countsFrom: new Date(Date.now() - 1_000),
    };
    await desk.desk.database.db
      .insert(factors)
      .values({ ...factor, counter: 0, transports: [], seal: sealFactor(approvals, factor) });
    await desk.desk.database.transaction((tx) =>
      enrolIdentity(tx, approvals, {
        ...cat,
        issuer: desk.tenant.world.issuer,
        subject: 'auth0|thief',
        fresh: true,
        domain: desk.tenant.domain,
      }),
    );
    await desk.letItCount('U0CAT');
    const [identity] = await listTenantFactors(approvals, desk.desk.database.db, cat);
    expect(identity).toMatchObject({ counts: false });
    const device = await desk.desk.database.transaction((tx) => chooseDevice(tx, approvals, cat));
    expect(device).toEqual({ kind: 'passkey' });
  });

  it('cannot re-link: the sign-in is theirs to make, the yes is the phone’s of before', async () => {
    const { approvals, vault } = desk.desk.deps;
    await desk.link('U0BEN', 'ben@elsewhere.test');
    const relink = await findPending('U0BEN', 'relink');
    expect(relink.tier).toBe('approve_strong');
    await click(desk, relink.id);
    await finishRelink({ approvals, vault }, relink.id);
    await desk.tick();
    expect(desk.phone()).toMatchObject({ sub: 'auth0|ben' });
    expect(desk.phone().bindingMessage).toContain(relink.code);
    await letItExpire(relink);
    await finishRelink({ approvals, vault }, relink.id);
    const [link] = await desk.database.owner`select subject from agentdesk.links where member_id = 'U0BEN'`;
    expect(link?.['subject']).toBe('auth0|ben');
  });

  it('cannot loosen the policy, an admin’s neither', async () => {
    const { approvals } = desk.desk.deps;
    const change = (document: unknown, baseVersion: number) =>
      propose(
        {
          database: desk.desk.database,
          catalog: entries,
          keyring: desk.keyring,
          onPending: (tx, version) =>
            requestChangeApproval(
              tx,
              { approvals, approvalSeconds: 600, postCard: () => Promise.resolve() },
              version,
            ),
        },
        {
          workspaceId: WORKSPACE,
          owner: '',
          baseVersion,
          document,
          author: { memberId: 'U0ADA', role: 'admin' },
          source: 'editor',
        },
      );
    expect((await change(STRICT, 0)).status).toBe('active');
    expect((await change(EMPTY_LAYER, 1)).status).toBe('pending');
    const approval = await findPending('U0ADA', 'policy');
    expect(approval.tier).toBe('approve_strong');
    await click(desk, approval.id, 'approve', 'U0ADA');
    const deps = {
      approvals,
      heads: { catalog: entries, keyring: desk.keyring },
      isAdmin: () => Promise.resolve(true),
    };
    await finishChange(deps, approval.id);
    await desk.tick();
    expect(desk.phone()).toMatchObject({ sub: 'auth0|ada' });
    expect((await readHead(desk.desk.database.db, { workspaceId: WORKSPACE, owner: '' })).number).toBe(1);
    desk.phone().status = 'denied';
    await desk.tick();
    await finishChange(deps, approval.id);
    expect((await readHead(desk.desk.database.db, { workspaceId: WORKSPACE, owner: '' })).number).toBe(1);
    const [version] = await desk.database
      .owner`select status from agentdesk.policy_versions where number = 2 or status <> 'active'`;
    expect(version?.['status']).toBe('rejected');
  });
});
