import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../src/approvals/decide.ts';
import type { Approval, ApprovalDeps } from '../../src/approvals/deps.ts';
import { approvals } from '../../src/db/schema/calls.ts';
import { finishRelink } from '../../src/links/finish.ts';
import { discardTokens } from '../../src/vault/accounts/link/discard.ts';
import { vouchForLink } from '../../src/vault/accounts/link/confirm.ts';
import { listAccounts } from '../../src/vault/accounts/list.ts';
import { findSubject } from '../../src/vault/accounts/members.ts';
import { WORKSPACE } from '../support/desk.ts';
import { ask } from '../support/tenant/call.ts';
import { startTenantDesk, type TenantDesk } from '../support/tenant/desk.ts';

describe('another identity than before', () => {
  let desk: TenantDesk;
  let device: ApprovalDeps['device'];
  beforeAll(async () => {
    desk = await startTenantDesk();
    for (const memberId of ['U0ADA', 'U0BEN']) await desk.known(memberId);
    ({ device } = desk.desk.deps.approvals);
    await desk.link('U0BEN', 'ben@acme.test');
    await desk.connectAt('U0BEN', 'google-oauth2', 'ben@acme.test');
  }, 60_000);
  afterAll(() => desk.stop());
  beforeEach(async () => {
    await desk.database.owner`update agentdesk.approvals set status = 'cancelled' where status = 'pending'`;
    // Where there are second devices; a test of one click says otherwise.
    Object.assign(desk.desk.deps.approvals, { publicUrl: desk.publicUrl, device });
  });

  const useOneClick = (): void => {
    Object.assign(desk.desk.deps.approvals, { publicUrl: 'http://192.0.2.1', device: null });
  };
  const subject = async () =>
    (await findSubject(desk.desk.database.db, WORKSPACE, 'U0BEN', desk.tenant.world.issuer))?.subject;
  const toldOfLink = (): number => desk.news.filter(({ text }) => text.includes('You are linked')).length;
  const open = async (): Promise<Approval[]> =>
    (await desk.desk.database.db.select().from(approvals)).filter(({ status }) => status === 'pending');
  const click = (approvalId: string, decision: 'approve' | 'deny', memberId = 'U0BEN') =>
    decide(desk.desk.deps.approvals, {
      workspaceId: WORKSPACE,
      memberId,
      approvalId,
      decision,
      reason: null,
      from: { surface: 'card', channel: 'D0BEN', ts: '1.1' },
    });
  const finish = (approvalId: string) => finishRelink(desk.desk.deps, approvalId);

  /** Signs in as the other identity and has an admin vouch; what is left is the approval. */
  async function askForAnother(): Promise<Approval> {
    const { url, request } = await desk.askLink();
    const ben = desk.browser();
    const page = await ben.press(url, { account: 'ben@elsewhere.test' });
    await ben.send(page.form);
    expect(await vouchForLink(desk.vault, WORKSPACE, request.id, 'U0ADA')).toBe('awaiting_approval');
    const approval = (await open()).find(({ linkRequestId }) => linkRequestId === request.id);
    if (approval === undefined) throw new Error('no approval');
    return approval;
  }

  it('is asked for at the strong tier, and names both', async () => {
    const approval = await askForAnother();
    expect(approval).toMatchObject({ kind: 'relink', tier: 'approve_strong', memberId: 'U0BEN' });
    expect(approval.presentation).toMatchObject({
      fields: [{ before: 'auth0|ben', value: 'Ben O. (ben@elsewhere.test), auth0|ben-2' }],
    });
    expect(await subject()).toBe('auth0|ben');
  });

  it('is nothing a Slack session alone can approve, nor anybody else', async () => {
    const approval = await askForAnother();
    await expect(click(approval.id, 'approve')).rejects.toMatchObject({ code: 'device_waiting' });
    await expect(click(approval.id, 'approve', 'U0ADA')).rejects.toMatchObject({ code: 'not_yours' });
    expect(await finish(approval.id)).toBeNull();
    expect(await subject()).toBe('auth0|ben');
  });

  it('comes to nothing when it is denied, and the tenant forgets the sign-in', async () => {
    const approval = await askForAnother();
    await click(approval.id, 'deny');
    await finish(approval.id);
    expect(await subject()).toBe('auth0|ben');
    expect((await desk.audit('link.refused')).at(-1)).toMatchObject({ outcome: 'denied' });
    await discardTokens(desk.vault);
    expect([...desk.tenant.world.refreshTokens.values()].filter((sub) => sub === 'auth0|ben-2')).toHaveLength(
      2,
    );
  });

  it('takes no row that says another subject than who signed in', async () => {
    useOneClick();
    const approval = await askForAnother();
    await desk.database.owner`
      update agentdesk.connect_requests set subject = 'auth0|mallory' where id = ${approval.linkRequestId}`;
    await click(approval.id, 'approve');
    await finish(approval.id);
    expect(await subject()).toBe('auth0|ben');
  });

  it('moves the link once it is approved: accounts end, what waited is cancelled, everybody is told', async () => {
    const args = { to: ['priya@acme.test'], subject: 'Before', text: 'Hello.' };
    const { asked } = await ask(desk, 'U0BEN', 'gmail.messages.send', args);
    expect(asked).toMatchObject({ kind: 'call', call: { status: 'pending' } });
    useOneClick();
    const approval = await askForAnother();
    await click(approval.id, 'approve');
    desk.news.length = 0;
    expect(await finish(approval.id)).toMatchObject({ consumedAt: expect.any(Date) as Date });
    expect(await subject()).toBe('auth0|ben-2');
    expect(await listAccounts(desk.desk.database, WORKSPACE, 'U0BEN')).toEqual([]);
    expect((await desk.audit('account.disconnected')).at(-1)).toMatchObject({ outcome: 'link_moved' });
    expect(await open()).toEqual([]);
    expect(toldOfLink()).toBe(1);
    expect((await desk.audit('link.made')).at(-1)?.detail).toMatchObject({
      moved: true,
      subject: 'auth0|ben-2',
    });
    // Repeated, it makes no second link.
    await finish(approval.id);
    expect(toldOfLink()).toBe(1);
    await discardTokens(desk.vault);
    expect([...desk.tenant.world.refreshTokens.values()]).not.toContain('auth0|ben');
  });
});
