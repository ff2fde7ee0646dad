import { draw, type World } from './world.ts';
import { Refused, redirectTo, type Answer, type Asked } from './wire.ts';

const KNOWN = [
  'client_id',
  'response_type',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'audience',
  'prompt',
];

/**
 * /authorize: Universal Login. GET shows who may sign in; the page's own POST signs in the one whose e-mail address
 * `account` is, or declines.
 */
export function authorize(world: World, asked: Asked): Answer {
  const { searchParams: query } = asked.url;
  const block = (why: string): Refused =>
    new Refused({ status: 400, body: { error: 'invalid_request', why } });
  for (const name of query.keys()) if (!KNOWN.includes(name)) throw block(`unknown parameter ${name}`);
  const value = (name: string): string => {
    const [first, ...more] = query.getAll(name);
    if (first === undefined || first === '' || more.length > 0)
      throw block(`${name} is missing or there twice`);
    return first;
  };
  if (value('client_id') !== world.clientId) throw block('unknown client');
  if (value('response_type') !== 'code') throw block('response_type');
  if (value('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(value('code_challenge')))
    throw block('PKCE');
  const redirectUri = value('redirect_uri');
  if (!new URL(redirectUri).pathname.endsWith('/connect/login')) throw block('callback URL is not allowed');
  const scope = value('scope');
  if (!scope.split(' ').includes('openid')) throw block('scope');
  const state = value('state');
  if (asked.method === 'GET') return { status: 200, body: `Sign in: ${[...world.users.keys()].join(', ')}` };
  const form = new URLSearchParams(asked.body);
  if (form.get('decision') !== 'allow') return redirectTo(redirectUri, { error: 'access_denied', state });
  const user = [...world.users.values()].find(({ email }) => email === form.get('account'));
  if (user === undefined) throw block('no such user');
  const code = draw('code_');
  world.codes.set(code, {
    sub: user.sub,
    redirectUri,
    challenge: value('code_challenge'),
    nonce: query.get('nonce') ?? undefined,
    scope,
  });
  return redirectTo(redirectUri, { code, state });
}
