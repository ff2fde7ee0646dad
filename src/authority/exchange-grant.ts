import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { obtainAccessToken } from './access-token.ts';
import { findAccount } from './accounts.ts';
import { checkDeskAssertion } from './assertions.ts';
import type { Context } from './context.ts';
import { refuseExchange, refuseForProvider } from './exchange-refusals.ts';
import { finishExchange, reserveExchange } from './leases.ts';
import { EXCHANGE_TYP, FEDERATED_TOKEN_TYPE, JWT_TOKEN_TYPE } from './names.ts';
import { ProviderFailure } from './providers/failure.ts';
import { CONNECTIONS } from './providers/provider.ts';

const Params = z.object({
  subject_token: z.string().min(1),
  subject_token_type: z.literal(JWT_TOKEN_TYPE),
  requested_token_type: z.literal(FEDERATED_TOKEN_TYPE),
  connection: z.enum(CONNECTIONS),
  login_hint: z.string().min(1).max(128),
  scope: z.string().max(8192).default(''),
});

export const EXCHANGE_PARAMS = Object.keys(Params.shape);

/**
 * The federated-connection exchange on Auth0's wire. The subject token is the desk's request for one lease
 * (`audit_context`), as a privileged worker's is; the client has been authenticated before.
 */
export async function exchange(context: Context, ctx: KoaContextWithOIDC): Promise<void> {
  const params = Params.safeParse(ctx.oidc.params);
  if (!params.success) {
    throw new errors.InvalidRequest(
      `${params.error.issues[0]?.path.join('.') ?? 'a parameter'} is missing or wrong`,
    );
  }
  const { connection, login_hint: accountId, scope, subject_token: token } = params.data;
  const checked = await checkDeskAssertion(context, token, { typ: EXCHANGE_TYP, audience: context.issuer });
  if (!checked.ok) throw refuseExchange(401, 'invalid_grant', checked.problem);
  const { sub: subject, audit_context: auditContext } = checked.claims;
  const leaseId = z.uuid().safeParse(auditContext);
  if (!leaseId.success) throw refuseExchange(401, 'invalid_grant', 'audit_context is not the id of a lease');

  const claim = { leaseId: leaseId.data, subject, connection, accountId };
  const asked = scope.split(' ').filter(Boolean);
  const reservation = await reserveExchange(context, claim, asked);
  if (reservation.outcome !== 'reserved') throw refuseExchange(403, 'access_denied', reservation.outcome);

  const finish = (outcome: string): Promise<void> => finishExchange(context, reservation.exchangeId, outcome);
  const account = await findAccount(context, { subject, connection, id: accountId });
  const provider = context.providers[connection];
  if (account === null || provider === null) {
    await finish('account_not_found');
    throw refuseExchange(401, 'federated_connection_refresh_token_not_found', 'no such account is connected');
  }
  try {
    const grant = await obtainAccessToken(context, provider, account, reservation.scopes);
    await finish('granted');
    ctx.body = {
      access_token: grant.accessToken,
      scope: grant.scopes.join(' '),
      expires_in: grant.expiresIn,
      issued_token_type: FEDERATED_TOKEN_TYPE,
      token_type: 'Bearer',
    };
  } catch (error) {
    await finish('failed');
    if (!(error instanceof ProviderFailure)) throw error;
    context.log.warn({ connection, kind: error.kind, reason: error.message }, 'provider gave no token');
    throw refuseForProvider(ctx, error);
  }
}
