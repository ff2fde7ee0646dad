import { readSignedIn } from '../../vault/accounts/link/session.ts';
import { writeConfirmReference } from '../../vault/accounts/link/reference.ts';
import type { ConnectRequest, SignedIn } from '../../vault/deps.ts';
import { foreign, html, type Html } from '../html.ts';
import type { HttpDoorOptions } from '../options.ts';
import { replyPage } from '../page.ts';
import type { Reply } from '../reply.ts';
import { describeMember } from './describe-member.ts';

/** What a page of ours about a link adds to: where its form may lead, and the cookie of the browser. */
interface Surroundings {
  readonly formAction: string;
  readonly cookie: string;
}

/** The page behind a link to the tenant: for whom, and what follows. In the browser that signed in, it asks to confirm. */
export async function showLink(
  door: HttpDoorOptions,
  request: ConnectRequest,
  page: Surroundings,
): Promise<Reply> {
  const signedIn = request.status === 'confirming' ? readSignedIn(door.vault, request) : null;
  if (signedIn !== null) return askToConfirm(door, request, signedIn, page.cookie);
  const domain = nameTenant(request);
  const first = door.slackSignIn === null ? html`` : html`First Slack confirms that it is you. `;
  const body = html`<p>
      AgentDesk uses your accounts under your identity at <strong>${domain}</strong>, so it has to know which
      one is yours.
    </p>
    <dl>${await describeMember(door, request)}</dl>
    <p>${first}Then you sign in at ${domain}, and see both identities before anything is linked.</p>
    <form method="post"><button>Sign in at ${domain}</button></form>
    <p><small>Not you? Close this window: nothing has happened yet.</small></p>`;
  return replyPage({ title: 'Link yourself', body, ...page });
}

/** Both identities, and the question whether they are one person. Only its button links. */
export async function askToConfirm(
  door: HttpDoorOptions,
  request: ConnectRequest,
  signedIn: SignedIn,
  cookie?: string,
): Promise<Reply> {
  const action = `/connect/confirm/${writeConfirmReference(door.vault, request.id)}`;
  const body = html`<p>Is this one person, and is it you?</p>
    <h2>In Slack</h2>
    <dl>${await describeMember(door, request)}</dl>
    <h2>At ${nameTenant(request)}</h2>
    <dl>
      <dt>Name</dt>
      <dd><strong>${foreign(signedIn.name)}</strong></dd>
      <dt>E-mail</dt>
      <dd>${describeEmail(signedIn)}</dd>
      <dt>Identity</dt>
      <dd><code>${signedIn.subject}</code></dd>
    </dl>
    <p>
      What AgentDesk does for this Slack member is done with the accounts of this identity, and what needs a
      second device is asked of it.
    </p>
    <form method="post" action="${action}"><button>Yes, link them</button></form>
    <p><small>Not you? Close this window: nothing is linked.</small></p>`;
  return replyPage({
    title: 'Confirm the link',
    body,
    formAction: "'self'",
    ...(cookie === undefined ? {} : { cookie }),
  });
}

function describeEmail({ email, emailVerified }: SignedIn): Html {
  if (email === null) return html`not told`;
  return html`${foreign(email)}${emailVerified ? '' : ' (not verified)'}`;
}

/** The tenant as people know it. */
export function nameTenant({ connection }: Pick<ConnectRequest, 'connection'>): string {
  return URL.canParse(connection) ? new URL(connection).host : connection;
}
