import { describeAccount, listAccounts } from './accounts.ts';
import { checkDeskAssertion } from './assertions.ts';
import { completeConnect } from './complete.ts';
import { beginConnect } from './connect.ts';
import type { Context } from './context.ts';
import { disconnectAccount } from './disconnect.ts';
import { MY_ACCOUNT_TYP } from './names.ts';
import { problem, type Reply } from './reply.ts';

const BASE = '/me/v1/connected-accounts/';

interface MyAccountRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  /** Parsed JSON; null when there is none. */
  readonly body: unknown;
}

/**
 * Auth0's My Account API, as far as connected accounts go. The bearer is a token that the desk signs for one
 * request of one subject, in place of Auth0's access token for `/me/`.
 */
export async function answerMyAccount(context: Context, request: MyAccountRequest): Promise<Reply> {
  const { method, url, body } = request;
  const bearer = /^Bearer ([\w.-]+)$/i.exec(request.authorization ?? '')?.[1];
  if (bearer === undefined) return problem(401, 'no_token', 'Unauthorized', 'Send a bearer token.');
  const expected = { typ: MY_ACCOUNT_TYP, audience: new URL('me/', context.issuer).href };
  const checked = await checkDeskAssertion(context, bearer, expected);
  if (!checked.ok) return problem(401, 'invalid_token', 'Unauthorized', `${checked.problem}.`);
  const subject = checked.claims.sub;

  const path = url.pathname.startsWith(BASE) ? url.pathname.slice(BASE.length) : '';
  if (method === 'POST' && path === 'connect') return beginConnect(context, subject, body);
  if (method === 'POST' && path === 'complete') return completeConnect(context, subject, body);
  if (method === 'GET' && path === 'accounts') {
    const accounts = await listAccounts(context, subject);
    return { status: 200, body: { accounts: accounts.map(describeAccount) } };
  }
  const id = /^accounts\/([\w-]{1,128})$/.exec(path)?.[1];
  if (method === 'DELETE' && id !== undefined) {
    const giveUp = url.searchParams.get('give_up') === 'true';
    return disconnectAccount(context, subject, id, url.searchParams.get('lease'), giveUp);
  }
  return problem(404, 'not_found', 'Not found', 'There is nothing here.');
}
