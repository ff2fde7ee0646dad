import { confirmLink, type Linked } from '../../vault/accounts/link/confirm.ts';
import { readConfirmReference } from '../../vault/accounts/link/reference.ts';
import type { ConnectRequest } from '../../vault/deps.ts';
import { connectCookie } from '../cookie.ts';
import { html, type Html } from '../html.ts';
import type { HttpDoorOptions } from '../options.ts';
import { replyPage } from '../page.ts';
import type { Reply } from '../reply.ts';
import type { Visit } from '../router.ts';
import { nameTenant } from './show-link.ts';

/** The button of the confirming page: links, or says who has to say yes first. */
export async function confirmAtPage(door: HttpDoorOptions, { reference, cookies }: Visit): Promise<Reply> {
  const request = await readConfirmReference(door.vault, reference, (id) => connectCookie(id).read(cookies));
  // Without Sign in with Slack the identity's own e-mail address is the proof.
  const email =
    request.provedBy === null
      ? (await door.describePerson(request.workspaceId, request.memberId)).email
      : null;
  const linked = await confirmLink(door.vault, request, email);
  const cookie = connectCookie(request.id).clear(door.publicUrl());
  return replyPage({ ...describe(linked, request), cookie });
}

function describe(linked: Linked, request: ConnectRequest): { title: string; body: Html } {
  switch (linked) {
    case 'connected':
      return {
        title: 'You are linked',
        body: html`<p>
          You are linked to your identity at ${nameTenant(request)}. You can close this window and go back to
          Slack.
        </p>`,
      };
    case 'awaiting_admin':
      return {
        title: 'An admin has to approve',
        body: html`<p>
            You are not linked yet: the e-mail address of that identity is not the one Slack has for you, or
            is not verified, so an admin of your workspace has to say that it is yours.
          </p>
          <p>Ask one to run this in Slack:</p>
          <p><code>/agentdesk link approve ${request.id}</code></p>`,
      };
    case 'awaiting_approval':
      return {
        title: 'Approve it in Slack',
        body: html`<p>
          You are linked to another identity already, so nothing has changed yet. AgentDesk sent you a card in
          Slack: approve it there to change the link.
        </p>`,
      };
  }
}
