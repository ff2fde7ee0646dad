import { decodeJwt } from 'jose';
import { errors, type Provider } from 'oidc-provider';
import { and, eq } from '../db/drizzle.ts';
import { clicks, oidcRecords } from '../db/schema/authority.ts';
import { readApprovalDigest } from './approval-digest.ts';
import type { Context } from './context.ts';
import { CLIENT_ID } from './names.ts';

type Details = NonNullable<InstanceType<Provider['BackchannelAuthenticationRequest']>['rar']>;

/** Tells every request for this approval what was decided. */
export async function settleRequests(context: Context, provider: Provider, digest: string): Promise<void> {
  const rows = await context.database.db
    .select({ id: oidcRecords.id })
    .from(oidcRecords)
    .where(and(eq(oidcRecords.model, 'BackchannelAuthenticationRequest'), eq(oidcRecords.uid, digest)));
  for (const { id } of rows) await settleRequest(context, provider, id);
}

/**
 * Gives a request the decision of the stored click, if there is one for its approval and subject. It runs when a
 * click comes, when a request comes (the desk may ask again for what was decided), and when a poll finds the
 * request still open (a process may have died between storing the click and this). Doing it twice changes
 * nothing, because the click's row is what counts.
 */
export async function settleRequest(
  { database, now }: Context,
  provider: Provider,
  id: string,
): Promise<void> {
  const request = await provider.BackchannelAuthenticationRequest.find(id, { ignoreExpiration: true });
  if (request === undefined) return;
  const digest = readApprovalDigest(request.params);
  // backchannelResult itself would accept a decision after the request's end.
  const isOver = (request.exp ?? 0) * 1000 <= now().getTime();
  if (digest === null || isOver || request.consumed || request.grantId || request.error) return;
  const [click] = await database.db.select().from(clicks).where(eq(clicks.approvalDigest, digest));
  if (click === undefined || decodeJwt(click.click).sub !== request.accountId) return;
  if (click.decision === 'deny') {
    const denial = new errors.AccessDenied('the member denied the request');
    // The provider stores its own copy under a name that its model does not keep.
    request.errorDescription = denial.error_description;
    await provider.backchannelResult(request, denial);
    return;
  }
  const grant = new provider.Grant({ accountId: request.accountId, clientId: CLIENT_ID });
  grant.addOIDCScope('openid');
  await grant.save();
  await provider.backchannelResult(request, grant, {
    amr: ['agentdesk_slack'],
    authTime: Math.floor(click.decidedAt.getTime() / 1000),
    rar: JSON.parse(String(request.params?.['authorization_details'])) as Details,
  });
}
