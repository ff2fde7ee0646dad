import { beginConnect } from '../../vault/accounts/connect.ts';
import { readConnectLink } from '../../vault/accounts/request.ts';
import { connectCookie } from '../cookie.ts';
import type { HttpDoorOptions } from '../options.ts';
import { redirect, type Reply } from '../reply.ts';
import type { Visit } from '../router.ts';
import { continueToProvider } from './continue.ts';
import { writeSignInUrl } from './sign-in-url.ts';

/** The page's button: uses up the link, ties what follows to this browser, and sends it on. */
export async function beginAtPage(door: HttpDoorOptions, { reference }: Visit): Promise<Reply> {
  const request = await readConnectLink(door.vault, reference);
  const browser = await beginConnect(door.vault, request);
  const location =
    door.slackSignIn === null
      ? await continueToProvider(door, request, null)
      : writeSignInUrl(door.slackSignIn, door.publicUrl(), { ...browser, team: request.workspaceId });
  return redirect(location, connectCookie.write(door.publicUrl(), browser.cookie));
}
