import { callProvider, postForm } from './call.ts';
import { ProviderFailure } from './failure.ts';
import { GITHUB_HEADERS, identifyGithub } from './github-identity.ts';
import type { Provider } from './provider.ts';
import { readTokenAnswer } from './token-answer.ts';

export interface GithubClient {
  /** The REST API; null = api.github.com. */
  readonly apiUrl: string | null;
  /** The site with `/login/oauth`; null = the API's host, or github.com. */
  readonly siteUrl: string | null;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * OAuth apps give a token that stays, GitHub Apps one of eight hours and a refresh token that changes with use.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
 */
export function createGithub(client: GithubClient): Provider {
  const api = (client.apiUrl ?? 'https://api.github.com').replace(/\/+$/, '');
  const ownSite = client.apiUrl === null ? 'https://github.com' : new URL(client.apiUrl).origin;
  const site = (client.siteUrl ?? ownSite).replace(/\/+$/, '');
  const token = `${site}/login/oauth/access_token`;
  const credentials = { client_id: client.clientId, client_secret: client.clientSecret };
  return {
    keepsAccessToken: true,
    consentUrl({ redirectUri, state, scopes, codeChallenge }) {
      const url = new URL(`${site}/login/oauth/authorize`);
      url.search = new URLSearchParams({
        client_id: client.clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: [...new Set([...scopes, 'user:email'])].join(' '),
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      }).toString();
      return url.href;
    },
    async redeem(code, redirectUri, verifier) {
      const fields = { ...credentials, code, redirect_uri: redirectUri, code_verifier: verifier };
      const { tokens } = readTokenAnswer(await postForm(token, fields));
      return { tokens, identity: await identifyGithub(api, tokens.accessToken) };
    },
    async refresh(refreshToken) {
      const fields = { ...credentials, grant_type: 'refresh_token', refresh_token: refreshToken };
      return readTokenAnswer(await postForm(token, fields)).tokens;
    },
    async revoke({ accessToken }) {
      if (accessToken === null) throw new ProviderFailure('broken', 'there is no GitHub token to revoke');
      const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
      const answer = await callProvider(`${api}/applications/${client.clientId}/grant`, {
        method: 'DELETE',
        headers: { ...GITHUB_HEADERS, authorization: `Basic ${basic}`, 'content-type': 'application/json' },
        body: JSON.stringify({ access_token: accessToken }),
      });
      // 404 and 422: GitHub does not know the token any more.
      if (![204, 404, 422].includes(answer.status)) {
        throw new ProviderFailure('broken', `GitHub answered ${answer.status} to the revocation`);
      }
    },
  };
}
