import { postForm } from './call.ts';
import { ProviderFailure } from './failure.ts';
import { locateGoogle } from './google-hosts.ts';
import { identifyGoogle } from './google-identity.ts';
import type { Provider } from './provider.ts';
import { readTokenAnswer } from './token-answer.ts';

export interface GoogleClient {
  /** Replaces all of Google's hosts; null = the real ones. */
  readonly apiUrl: string | null;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** https://developers.google.com/identity/protocols/oauth2/web-server */
export function createGoogle(client: GoogleClient): Provider {
  const hosts = locateGoogle(client.apiUrl);
  const credentials = { client_id: client.clientId, client_secret: client.clientSecret };
  return {
    keepsAccessToken: false,
    consentUrl({ redirectUri, state, scopes, codeChallenge }) {
      const url = new URL(hosts.consent);
      url.search = new URLSearchParams({
        client_id: client.clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: [...new Set([...scopes, 'openid', 'email'])].join(' '),
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
        // Only together do these two give a refresh token every time.
        access_type: 'offline',
        prompt: 'consent',
        include_granted_scopes: 'true',
      }).toString();
      return url.href;
    },
    async redeem(code, redirectUri, verifier) {
      const answer = await postForm(hosts.token, {
        ...credentials,
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      });
      const { tokens, idToken } = readTokenAnswer(answer);
      const identity = await identifyGoogle(hosts, client.clientId, {
        accessToken: tokens.accessToken,
        idToken,
      });
      return { tokens, identity };
    },
    async refresh(refreshToken, scopes) {
      const answer = await postForm(hosts.token, {
        ...credentials,
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        // RFC 6749 section 6: fewer scopes may be asked for than were granted.
        ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
      });
      return readTokenAnswer(answer).tokens;
    },
    async revoke({ refreshToken, accessToken }) {
      const answer = await postForm(hosts.revoke, { token: refreshToken ?? accessToken ?? '' });
      // 400 invalid_token: it was revoked before.
      if (answer.status !== 200 && answer.status !== 400) {
        throw new ProviderFailure('broken', `Google answered ${answer.status} to the revocation`);
      }
    },
  };
}
