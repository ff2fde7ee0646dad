import { createHash, randomBytes } from 'node:crypto';
import type { createGoogleStandIn } from '../../src/sandbox/google/stand-in.ts';

const SCOPES = [
  'openid',
  'email',
  'https://www.googleapis.com/auth/calendar.events.readonly',
  'https://www.googleapis.com/auth/gmail.compose',
];

/** An access token by the code flow, for the bare baseline: someone consented once, and it keeps the token. */
export async function obtainGoogleToken(
  origin: string,
  { clientId, clientSecret }: ReturnType<typeof createGoogleStandIn>['credentials'],
): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const redirectUri = 'http://127.0.0.1:9/callback';
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: SCOPES.join(' '),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const consent = await fetch(`${origin}/o/oauth2/v2/auth?${query.toString()}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ account: 'ben@acme.test', decision: 'allow' }),
  });
  const code = new URL(consent.headers.get('location') ?? 'http://none/').searchParams.get('code') ?? '';
  const answer = await fetch(`${origin}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new Error('the stand-in gave no token');
  return token;
}
