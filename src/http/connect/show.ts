import { isLoopback } from '../../config-readers.ts';
import { DeskError } from '../../errors.ts';
import { drawSecret, isSameBrowser } from '../../vault/accounts/browser.ts';
import { readConnectLink } from '../../vault/accounts/request.ts';
import { connectCookie } from '../cookie.ts';
import { foreign, html } from '../html.ts';
import type { HttpDoorOptions } from '../options.ts';
import { replyPage } from '../page.ts';
import type { Reply } from '../reply.ts';
import type { Visit } from '../router.ts';
import { describeMember } from './describe-member.ts';
import { describeScope, nameProvider } from './scope-words.ts';
import { showLink } from './show-link.ts';

/**
 * The page behind a connect link: who it is for, what it connects and what it allows. Looking at it changes
 * nothing, because mail scanners and previews follow links; its button does. The browser that pressed it may come back
 * and press it again. It gets its cookie with the page already, so that a button pressed twice comes from one browser.
 */
export async function showConnect(door: HttpDoorOptions, { reference, cookies }: Visit): Promise<Reply> {
  const request = await readConnectLink(door.vault, reference);
  const cookie = connectCookie(request.id);
  const held = cookie.read(cookies);
  const isBegun = request.status !== 'open';
  if (isBegun && !isSameBrowser(request, held)) throw new DeskError('connect_elsewhere');
  const page = {
    formAction: listFormTargets(door),
    cookie: cookie.write(door.publicUrl(), held ?? drawSecret()),
  };
  if (request.kind === 'link') return showLink(door, request, page);
  const provider = nameProvider(request.connection);
  const proof = door.slackSignIn === null ? (door.vault.linking?.login.domain ?? null) : 'Slack';
  const next =
    proof === null
      ? html`<p>Use the account of your own: its e-mail address has to be the one Slack has for you.</p>`
      : html`<p>First ${proof} confirms that it is you, then ${provider} asks for your consent.</p>`;
  const body = html`${isBegun ? html`<p>You began this here before. The button starts it again.</p>` : ''}
    <dl>
      ${await describeMember(door, request)}
      <dt>Purpose</dt>
      <dd>${foreign(request.purpose)}</dd>
    </dl>
    <h2>AgentDesk will be able to</h2>
    <ul>
      ${
        request.scopes.length === 0
          ? html`<li>What your organisation's ${provider} App is permitted, where it is installed</li>`
          : request.scopes.map((scope) => html`<li>${describeScope(scope)}</li>`)
      }
      <li>See which account it is, with its e-mail address</li>
    </ul>
    <p>
      Your workspace's policy is asked before each use, and you are when it says so. End it at any time with
      <code>/agentdesk disconnect</code> in Slack.
    </p>
    ${next}
    <form method="post"><button>Connect ${provider}</button></form>
    <p><small>Not you? Close this window: nothing has happened yet.</small></p>`;
  return replyPage({
    title: `Connect ${provider}`,
    body,
    ...page,
  });
}

/**
 * Chrome holds `form-action` against every redirect that follows the form: Slack, the vault, the provider and
 * whatever sign-in pages of theirs redirect on. Those hosts are not ours to list, so any https is allowed; and
 * this machine, when one of them is replaced by something on it.
 */
function listFormTargets({ publicUrl, slackSignIn, vault }: HttpDoorOptions): string {
  const replaceable = [
    publicUrl(),
    slackSignIn?.origin ?? publicUrl(),
    vault.resolveHost('accounts.google.com'),
    vault.resolveHost('api.github.com'),
  ].map((place) => (URL.canParse(place) ? place : `https://${place}`));
  return `'self' https:${replaceable.some(isLoopback) ? ' http://127.0.0.1:* http://localhost:*' : ''}`;
}
