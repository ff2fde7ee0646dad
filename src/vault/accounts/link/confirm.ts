import { append } from '../../../audit/append.ts';
import type { Transaction } from '../../../db/client.ts';
import { and, eq, sql } from '../../../db/drizzle.ts';
import { connectRequests } from '../../../db/schema/workspaces.ts';
import { DeskError } from '../../../errors.ts';
import type { ConnectRequest, SignedIn, VaultDeps } from '../../deps.ts';
import { findSubject } from '../members.ts';
import { refuseConnect } from '../refuse.ts';
import { describeWho, makeLink } from './make.ts';
import { readSignedIn } from './session.ts';

/** What became of a link: made; or an admin, or an approval, has to say yes first. */
export type Linked = 'connected' | 'awaiting_admin' | 'awaiting_approval';

/**
 * The member said yes, in the browser that signed in. An identity that nothing proves to be the member's waits for an
 * admin; another one than before waits for an approval of its own.
 * @param memberEmail the member's e-mail address at Slack, verified by Slack; null when unknown
 * @throws DeskError `link_taken` (audited), `connect_expired`, `connect_used`
 */
export async function confirmLink(
  deps: VaultDeps,
  request: ConnectRequest,
  memberEmail: string | null,
): Promise<Linked> {
  return settle(deps, request, async (tx, row, signedIn) => {
    const provedBy = row.provedBy ?? (isOwnAddress(signedIn, memberEmail) ? 'email' : null);
    if (provedBy !== null) return carryOn(tx, deps, { ...row, provedBy }, signedIn);
    const text = `${describeWho(signedIn)} is not your Slack e-mail address, so an admin must vouch for the link: /agentdesk link approve ${row.id}`;
    return waitFor(tx, deps, row, 'awaiting_admin', text);
  });
}

/**
 * An admin vouches that an identity at the tenant is its member's. Nobody vouches for themselves.
 * @throws DeskError `link_taken` (audited), `connect_expired`
 */
export async function vouchForLink(
  deps: VaultDeps,
  workspaceId: string,
  requestId: string,
  adminId: string,
): Promise<Linked> {
  const [request] = await deps.database.db
    .select()
    .from(connectRequests)
    .where(
      and(
        eq(connectRequests.workspaceId, workspaceId),
        eq(connectRequests.id, requestId),
        eq(connectRequests.kind, 'link'),
        eq(connectRequests.status, 'awaiting_admin'),
        sql`member_id <> ${adminId}`,
      ),
    );
  if (request === undefined) throw new DeskError('connect_expired');
  return settle(deps, request, (tx, row, signedIn) =>
    carryOn(tx, deps, { ...row, provedBy: `admin:${adminId}` }, signedIn),
  );
}

/** One transaction on the locked row, if it still is where it was seen; a taken identity ends the request. */
async function settle(
  deps: VaultDeps,
  seen: ConnectRequest,
  then: (tx: Transaction, row: ConnectRequest, signedIn: SignedIn) => Promise<Linked>,
): Promise<Linked> {
  try {
    return await deps.database.transaction(async (tx) => {
      // Two links of one member at once: the second has to see what the first made.
      const member = `link/${seen.workspaceId}/${seen.memberId}`;
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${member}))`);
      const [row] = await tx
        .select()
        .from(connectRequests)
        .where(eq(connectRequests.id, seen.id))
        .for('update');
      if (row === undefined || row.status === 'expired') throw new DeskError('connect_expired');
      if (row.status !== seen.status || row.kind !== 'link') throw new DeskError('connect_used');
      const signedIn = readSignedIn(deps, row);
      if (signedIn === null) throw new DeskError('connect_expired');
      return then(tx, row, signedIn);
    });
  } catch (error) {
    if (!(error instanceof DeskError) || error.code !== 'link_taken') throw error;
    throw await refuseConnect(deps, seen, error, 'the identity is linked to another member');
  }
}

async function carryOn(
  tx: Transaction,
  deps: VaultDeps,
  request: ConnectRequest,
  signedIn: SignedIn,
): Promise<Linked> {
  const { id, workspaceId, memberId, provedBy } = request;
  await tx.update(connectRequests).set({ provedBy }).where(eq(connectRequests.id, id));
  const linked = await findSubject(tx, workspaceId, memberId, deps.vault.issuer);
  if (linked === null || linked.subject === signedIn.subject) {
    await makeLink(tx, deps, request, signedIn);
    return 'connected';
  }
  const text = `You are linked to another identity at ${deps.linking?.login.domain ?? ''}. To change it, approve the card I sent you.`;
  const waiting = await waitFor(tx, deps, request, 'awaiting_approval', text);
  await deps.linking?.askToRelink(tx, request);
  return waiting;
}

async function waitFor(
  tx: Transaction,
  deps: VaultDeps,
  { id, workspaceId, memberId, connection }: ConnectRequest,
  status: 'awaiting_admin' | 'awaiting_approval',
  text: string,
): Promise<Linked> {
  await tx.update(connectRequests).set({ status }).where(eq(connectRequests.id, id));
  await append(tx, {
    workspaceId,
    type: 'link.refused',
    actor: `member:${memberId}`,
    memberId,
    target: connection,
    outcome: status,
    detail: { request: id },
  });
  await deps.onAccountChange(tx, { workspaceId, memberId, requestId: id, text });
  return status;
}

/** Whether the tenant says, as verified, the very address that Slack has for the member. */
function isOwnAddress({ email, emailVerified }: SignedIn, memberEmail: string | null): boolean {
  return (
    emailVerified &&
    email !== null &&
    memberEmail !== null &&
    email.toLowerCase() === memberEmail.toLowerCase()
  );
}
