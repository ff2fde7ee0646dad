import { findByCallback } from '../../vault/accounts/browser.ts';
import { finishConnect } from '../../vault/accounts/complete.ts';
import { DeskError } from '../../errors.ts';
import { connectCookie } from '../cookie.ts';
import { foreign, html } from '../html.ts';
import type { HttpDoorOptions } from '../options.ts';
import { replyPage } from '../page.ts';
import type { Reply } from '../reply.ts';
import type { Visit } from '../router.ts';
import { endDeclined } from './declined.ts';
import { readCallback } from './read-callback.ts';
import { nameProvider } from './scope-words.ts';

/**
 * Back from the provider: completes the connection, or says why not. Opened again in the same browser it says the
 * same; the cookie is left to run out for that, it is of no other use.
 */
export async function returnFromProvider(door: HttpDoorOptions, { url, cookies }: Visit): Promise<Reply> {
  // Auth0's own flow calls it connect_code, the embedded vault passes the provider's code through.
  const { state, answer } = readCallback(url.searchParams, ['connect_code', 'code']);
  const request = await findByCallback(door.vault, {
    state,
    cookieOf: (id) => connectCookie(id).read(cookies),
    status: 'authorizing',
  });
  // A link to a tenant comes back another way.
  if (request.kind !== 'account') throw new DeskError('connect_stale');
  if ('error' in answer) {
    if (request.status !== 'authorizing') throw new DeskError('connect_used');
    return endDeclined(door, request, answer.error, 'the provider');
  }
  // Without Sign in with Slack the account's own e-mail address is the proof.
  const email =
    request.status === 'authorizing' && request.provedBy === null
      ? (await door.describePerson(request.workspaceId, request.memberId)).email
      : null;
  const done = await finishConnect(door.vault, request, answer.code, email);
  const provider = nameProvider(request.connection);
  const label = foreign(done.label);
  if (done.status === 'connected') {
    const body = html`<p>Connected ${label}. You can close this window and go back to Slack.</p>`;
    return replyPage({ title: `${provider} is connected`, body });
  }
  const body = html` <p>
      ${label} is not connected yet: its e-mail address is not the one Slack has for you, so an admin of your
      workspace has to say that it is yours.
    </p>
    <p>Ask one to run this in Slack:</p>
    <p><code>/agentdesk account approve ${request.id}</code></p>
    <p>Until then nothing uses it. You can close this window.</p>`;
  return replyPage({ title: 'An admin has to approve', body });
}
