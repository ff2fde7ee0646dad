import { createLocalJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { challengeOf, draw, type TenantAccount, type World } from './world.ts';
import { problem, type Answer, type Asked } from './wire.ts';

const BASE = '/me/v1/connected-accounts';
const PAGE = 20;

const Connect = z.strictObject({
  connection: z.string(),
  redirect_uri: z.url(),
  state: z.string().optional(),
  scopes: z.array(z.string()).min(1).max(100).optional(),
  code_challenge: z.string().regex(/^[\w-]{43,128}$/),
  code_challenge_method: z.literal('S256'),
  authorization_params: z.record(z.string(), z.string()).optional(),
});

const Complete = z.strictObject({
  auth_session: z.string().max(64),
  connect_code: z.string().max(46),
  redirect_uri: z.url(),
  code_verifier: z.string(),
});

/** The My Account API's connected accounts, for the subject of the bearer token. */
export async function answerMyAccount(world: World, asked: Asked): Promise<Answer> {
  const path = asked.url.pathname.slice(BASE.length);
  const [, collection, id] = path.split('/');
  switch (`${asked.method} ${collection ?? ''}${id === undefined ? '' : '/id'}`) {
    case 'POST connect':
      return connect(world, await authenticate(world, asked, 'create'), readJson(asked, Connect));
    case 'POST complete':
      return complete(world, await authenticate(world, asked, 'create'), readJson(asked, Complete));
    case 'GET accounts':
      return list(world, await authenticate(world, asked, 'read'), asked.url.searchParams);
    case 'GET connections':
      await authenticate(world, asked, 'read');
      return { status: 200, body: { connections: [...world.providers.keys()].map((name) => ({ name })) } };
    case 'DELETE accounts/id':
      return remove(world, await authenticate(world, asked, 'delete'), asked, id ?? '');
    default:
      throw problem(404, 'Not found', `${asked.method} ${asked.url.pathname}`);
  }
}

async function authenticate(world: World, { headers }: Asked, right: string): Promise<string> {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const keys = createLocalJWKSet({ keys: [world.key.publicJwk] });
  const options = { issuer: world.issuer, audience: `${world.issuer}me/`, currentDate: world.now() };
  const { payload } = await jwtVerify(token, keys, options).catch(() => {
    throw problem(401, 'Unauthorized', 'The token is not good here');
  });
  if (!String(payload['scope']).split(' ').includes(`${right}:me:connected_accounts`))
    throw problem(403, 'Insufficient scope', right);
  return payload.sub ?? '';
}

function readJson<Shape>({ headers, body }: Asked, shape: z.ZodType<Shape>): Shape {
  if (headers['content-type'] !== 'application/json')
    throw problem(415, 'Unsupported media type', 'JSON is taken');
  const parsed = shape.safeParse(JSON.parse(body));
  if (parsed.success) return parsed.data;
  throw problem(400, 'Invalid request', parsed.error.issues[0]?.message ?? '');
}

function connect(world: World, sub: string, body: z.infer<typeof Connect>): Answer {
  if (!world.providers.has(body.connection)) throw problem(404, 'Not found', 'no such connection');
  if (body.connection === 'github' && body.scopes !== undefined)
    throw problem(400, 'Invalid request', 'requesting permissions is not supported');
  const [authSession, ticket] = [draw('as_'), draw('ticket_')];
  world.sessions.set(authSession, {
    sub,
    connection: body.connection,
    redirectUri: body.redirect_uri,
    state: body.state,
    scopes: body.scopes ?? [],
    challenge: body.code_challenge,
    ticket,
    connectCode: null,
    account: null,
  });
  return {
    status: 201,
    body: {
      auth_session: authSession,
      connect_uri: `${world.issuer}connected-accounts/connect`,
      connect_params: { ticket },
      expires_in: 300,
    },
  };
}

function complete(world: World, sub: string, body: z.infer<typeof Complete>): Answer {
  const session = world.sessions.get(body.auth_session);
  if (session?.sub !== sub)
    throw problem(400, 'Invalid session', 'it belongs to somebody else, or to nobody');
  if (session.account === null || session.connectCode !== body.connect_code)
    throw problem(400, 'Invalid code', 'connect_code');
  if (session.redirectUri !== body.redirect_uri || challengeOf(body.code_verifier) !== session.challenge)
    throw problem(400, 'Invalid verifier', 'code_verifier or redirect_uri');
  world.sessions.delete(body.auth_session);
  const { account } = session;
  // The same account at the provider takes the place of the one before.
  world.accounts = world.accounts.filter(
    (one) =>
      one.sub !== sub || one.connection !== account.connection || one.providerId !== account.providerId,
  );
  world.accounts.push(account);
  return { status: 201, body: show(account) };
}

function list(world: World, sub: string, query: URLSearchParams): Answer {
  for (const name of query.keys())
    if (!['connection', 'from', 'take'].includes(name)) throw problem(400, 'Invalid request', name);
  const connection = query.get('connection');
  const own = world.accounts.filter(
    (one) => one.sub === sub && (connection === null || one.connection === connection),
  );
  const from = Number(query.get('from') ?? 0);
  const next = from + PAGE < own.length ? { next: String(from + PAGE) } : {};
  return { status: 200, body: { accounts: own.slice(from, from + PAGE).map(show), ...next } };
}

function remove(world: World, sub: string, { url }: Asked, id: string): Answer {
  if (url.search !== '') throw problem(400, 'Invalid request', 'unknown parameter');
  const found = world.accounts.find((one) => one.id === id && one.sub === sub);
  if (found === undefined) throw problem(404, 'Not found', 'no such account');
  world.accounts = world.accounts.filter((one) => one !== found);
  return { status: 204 };
}

const show = ({ id, connection, scopes, createdAt }: TenantAccount) => ({
  id,
  connection,
  access_type: 'offline',
  scopes,
  created_at: createdAt,
});
