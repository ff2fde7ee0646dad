import type { Middleware } from 'koa';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Context } from './context.ts';
import { settleRequest } from './decisions.ts';
import { POLL_SECONDS } from './names.ts';
import { notePoll } from './poll-clock.ts';

/**
 * Where oidc-provider's answers differ from Auth0's wire: it tells no `interval`, never says `slow_down`, and has
 * an error code of its own for bad details. Runs around the provider's own routes.
 */
export function createWireFixes(context: Context, provider: Provider): Middleware {
  return async (ctx, next) => {
    await next();
    const body = ctx.body as Record<string, unknown> | undefined;
    if (ctx.method !== 'POST' || typeof body !== 'object') return;
    if (ctx.path === '/bc-authorize') {
      if (ctx.status === 200) body['interval'] = POLL_SECONDS;
      if (body['error'] === 'invalid_authorization_details') body['error'] = 'invalid_request';
    }
    if (ctx.path === '/oauth/token' && body['error'] === 'authorization_pending') {
      const { oidc } = ctx as unknown as KoaContextWithOIDC;
      const authReqId = String(oidc.params?.['auth_req_id']);
      await settleRequest(context, provider, authReqId);
      const wait = await notePoll(context, authReqId);
      if (wait === null) return;
      ctx.set('Retry-After', String(wait));
      ctx.body = { error: 'slow_down', error_description: `poll again in ${wait} seconds`, interval: wait };
    }
  };
}
