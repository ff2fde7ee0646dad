import type { SlackSignIn } from '../options.ts';

/** Where Slack sends the browser back to. */
export const slackReturnUrl = (publicUrl: string): string => `${publicUrl}/connect/slack`;

/**
 * Slack's OpenID Connect authorize page (docs.slack.dev/authentication/sign-in-with-slack).
 * @param flow.team the workspace to sign in to, so that Slack does not offer another
 */
export function writeSignInUrl(
  { origin, clientId }: SlackSignIn,
  publicUrl: string,
  flow: { state: string; nonce: string; team: string },
): string {
  const url = new URL('/openid/connect/authorize', origin);
  url.search = new URLSearchParams({
    response_type: 'code',
    scope: 'openid profile email',
    client_id: clientId,
    redirect_uri: slackReturnUrl(publicUrl),
    state: flow.state,
    nonce: flow.nonce,
    team: flow.team,
  }).toString();
  return url.href;
}
