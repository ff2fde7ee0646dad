import { decodeJwt } from 'jose';
import { z } from 'zod';
import { draw, type ConnectSession, type World } from './world.ts';
import { redirectTo, Refused, type Answer, type Asked } from './wire.ts';

const Tokens = z.looseObject({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  scope: z.string().optional(),
  id_token: z.string().optional(),
});

/** What the provider sends the browser back to. */
const callbackUrl = (world: World): string => `${world.issuer}login/callback`;

const lost = (why: string): Refused => new Refused({ status: 400, body: { error: 'invalid_request', why } });

/** `connect_uri?ticket=…`: on to the provider. */
export function openConsent(world: World, { url }: Asked): Answer {
  const entry = [...world.sessions].find(([, { ticket }]) => ticket === url.searchParams.get('ticket'));
  if (entry === undefined) throw lost('ticket');
  const [authSession, session] = entry;
  const provider = world.providers.get(session.connection);
  if (provider === undefined) throw lost('connection');
  return redirectTo(provider.authorizeUrl, {
    client_id: provider.clientId,
    response_type: 'code',
    redirect_uri: callbackUrl(world),
    state: authSession,
    ...(session.scopes.length === 0 ? {} : { scope: session.scopes.join(' ') }),
    ...(session.connection === 'google-oauth2' ? { access_type: 'offline', prompt: 'consent' } : {}),
  });
}

/** Back from the provider: keeps its tokens and sends the browser to the desk with a code. */
export async function closeConsent(world: World, { url }: Asked): Promise<Answer> {
  const session = world.sessions.get(url.searchParams.get('state') ?? '');
  if (session === undefined) throw lost('state');
  const back: Record<string, string> = session.state === undefined ? {} : { state: session.state };
  const code = url.searchParams.get('code');
  if (code === null) return redirectTo(session.redirectUri, { error: 'access_denied', ...back });
  await redeem(world, session, code);
  session.connectCode = draw('cc_');
  return redirectTo(session.redirectUri, { connect_code: session.connectCode, ...back });
}

async function redeem(world: World, session: ConnectSession, code: string): Promise<void> {
  const provider = world.providers.get(session.connection);
  if (provider === undefined) throw lost('connection');
  const response = await fetch(provider.tokenUrl, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: callbackUrl(world),
      client_id: provider.clientId,
      client_secret: provider.clientSecret,
    }),
  });
  const tokens = Tokens.parse(await response.json());
  session.account = {
    id: draw('cac_'),
    sub: session.sub,
    connection: session.connection,
    scopes: session.connection === 'github' ? [] : (tokens.scope ?? '').split(' '),
    createdAt: world.now().toISOString(),
    providerId: tokens.id_token === undefined ? null : (decodeJwt(tokens.id_token).sub ?? null),
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? null,
  };
}
