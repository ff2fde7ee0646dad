import { authorizeConnect } from '../../vault/accounts/connect.ts';
import { findByLogin, finishLogin, proveByLogin } from '../../vault/accounts/link/finish-login.ts';
import { DeskError } from '../../errors.ts';
import { connectCookie } from '../cookie.ts';
import type { HttpDoorOptions } from '../options.ts';
import { redirect, type Reply } from '../reply.ts';
import type { Visit } from '../router.ts';
import { endDeclined } from './declined.ts';
import { readCallback } from './read-callback.ts';
import { askToConfirm } from './show-link.ts';

/**
 * Back from the tenant's sign-in: of a link, asks whether both identities are the member; of an account, goes on to
 * the provider when it is the identity the member is linked to.
 */
export async function returnFromLogin(door: HttpDoorOptions, { url, cookies }: Visit): Promise<Reply> {
  const { state, answer } = readCallback(url.searchParams, ['code']);
  const request = await findByLogin(door.vault, {
    state,
    cookieOf: (id) => connectCookie(id).read(cookies),
  });
  if ('error' in answer) {
    if (request.status !== 'authorizing' && request.status !== 'proving') throw new DeskError('connect_used');
    return endDeclined(door, request, answer.error, 'the sign-in');
  }
  if (request.kind === 'account') {
    await proveByLogin(door.vault, request, url.searchParams);
    return redirect(await authorizeConnect(door.vault, request, 'tenant'));
  }
  const done = await finishLogin(door.vault, request, url.searchParams);
  return askToConfirm(door, done.request, done.signedIn);
}
