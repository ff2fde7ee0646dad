import { findAction } from '../../src/actions/catalog.ts';
import { createGoogleStandIn, type GoogleStandIn } from '../../src/sandbox/google/stand-in.ts';
import { createDesk } from './desk.ts';

const REDIRECT = 'http://127.0.0.1:1/callback';

export const NOW = new Date('2026-11-03T09:00:00Z');

/** A stand-in of Google, and Ada's desk on it; tokens have the scopes of the action and no more. */
export async function startGoogleDesk() {
  const google = createGoogleStandIn({ state: { load: () => null, save: () => undefined }, now: () => NOW });
  const { origin } = await google.start();
  const createFor = (account: string, member: string) =>
    createDesk({
      origin,
      now: NOW,
      timeZone: 'Europe/Berlin',
      account,
      member,
      token: (action) => signIn(google, origin, account, action.scopes),
    });
  return {
    google,
    origin,
    ada: createFor('ada@acme.test', 'Ada Lovelace'),
    ben: createFor('ben@acme.test', 'Ben'),
    /** A token with the scopes of an action, to act as the person themselves would elsewhere. */
    signIn: (account: string, id: string) => signIn(google, origin, account, findAction(id)?.scopes ?? []),
  };
}

async function signIn(
  google: GoogleStandIn,
  origin: string,
  account: string,
  scopes: readonly string[],
): Promise<string> {
  const { clientId, clientSecret } = google.credentials;
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: scopes.join(' '),
  });
  const consent = await fetch(`${origin}/o/oauth2/v2/auth?${query.toString()}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ decision: 'allow', account }),
  });
  const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const answer = await fetch(`${origin}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}
