import { beginConnect } from '../../vault/accounts/connect.ts';
import { findByCallback } from '../../vault/accounts/browser.ts';
import { readConnectLink } from '../../vault/accounts/request.ts';
import { connectCookie } from '../cookie.ts';
import type { HttpDoorOptions } from '../options.ts';
import { redirect, type Reply } from '../reply.ts';
import type { Visit } from '../router.ts';
import { goOn } from './go-on.ts';
import { writeSignInUrl } from './sign-in-url.ts';

/** The page's button: takes the link, ties what follows to this browser, and sends it on. */
export async function beginAtPage(door: HttpDoorOptions, { reference, cookies }: Visit): Promise<Reply> {
  const request = await readConnectLink(door.vault, reference);
  const cookie = connectCookie(request.id);
  const browser = await beginConnect(door.vault, request, cookie.read(cookies));
  return redirect(await findNext(), cookie.write(door.publicUrl(), browser.cookie));

  async function findNext(): Promise<string> {
    if (door.slackSignIn !== null) {
      return writeSignInUrl(door.slackSignIn, door.publicUrl(), { ...browser, team: request.workspaceId });
    }
    const begun = await findByCallback(door.vault, {
      state: browser.state,
      cookieOf: () => browser.cookie,
      status: 'proving',
    });
    return goOn(door, begun, null);
  }
}
