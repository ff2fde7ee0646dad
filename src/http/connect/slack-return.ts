import { DeskError } from '../../errors.ts';
import { findByCallback } from '../../vault/accounts/browser.ts';
import { refuseConnect, reopenConnect } from '../../vault/accounts/refuse.ts';
import type { ConnectRequest } from '../../vault/deps.ts';
import { connectCookie } from '../cookie.ts';
import { answerNotFound } from '../error-page.ts';
import type { HttpDoorOptions, SlackSignIn } from '../options.ts';
import { redirect, type Reply } from '../reply.ts';
import type { Visit } from '../router.ts';
import { endDeclined } from './declined.ts';
import { goOn } from './go-on.ts';
import { readCallback } from './read-callback.ts';
import { slackReturnUrl } from './sign-in-url.ts';
import { readSlackIdentity } from './slack-identity.ts';

/** Back from Sign in with Slack: goes on to the provider, or the tenant, only for the member the link was made for. */
export async function returnFromSlack(door: HttpDoorOptions, { url, cookies }: Visit): Promise<Reply> {
  if (door.slackSignIn === null) return answerNotFound();
  const { state, answer } = readCallback(url.searchParams, ['code']);
  const request = await findByCallback(door.vault, {
    state,
    cookieOf: (id) => connectCookie(id).read(cookies),
    status: 'proving',
  });
  if ('error' in answer) return endDeclined(door, request, answer.error, 'Slack');
  try {
    await proveMember(door, door.slackSignIn, request, answer.code);
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    if (error.code === 'connect_try_again') {
      await reopenConnect(door.vault, request);
      throw error;
    }
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    throw await refuseConnect(door.vault, request, error, `sign in with Slack: ${why}`);
  }
  return redirect(await goOn(door, request, 'slack'));
}

async function proveMember(
  door: HttpDoorOptions,
  signIn: SlackSignIn,
  request: ConnectRequest,
  code: string,
): Promise<void> {
  const identity = await readSlackIdentity(signIn, {
    code,
    redirectUri: slackReturnUrl(door.publicUrl()),
    nonce: request.nonce ?? '',
    now: door.vault.now(),
  });
  if (identity.userId !== request.memberId) throw refusal('another Slack user');
  // A workspace here is a team or, for an org-wide installation, the enterprise.
  if (![identity.teamId, identity.enterpriseId].includes(request.workspaceId)) {
    throw refusal('another Slack workspace');
  }
}

const refusal = (why: string): DeskError => new DeskError('connect_identity', {}, { cause: new Error(why) });
