import { initiateCiba, pollCiba } from './ciba.ts';
import { readClientRequest } from './client.ts';
import { closeConsent, openConsent } from './consent.ts';
import { exchange } from './exchange.ts';
import { redeemCode, refresh, revoke } from './grants.ts';
import { authorize } from './login.ts';
import { answerMyAccount } from './my-account.ts';
import { need, oauthError, type Answer, type Asked } from './wire.ts';
import type { World } from './world.ts';

const FEDERATED = 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token';

/** Each grant, and the fields it takes besides the client's. */
const GRANTS: Readonly<
  Record<string, { fields: string[]; run: (world: World, fields: Record<string, string>) => Promise<Answer> }>
> = {
  authorization_code: { fields: ['code', 'redirect_uri', 'code_verifier'], run: redeemCode },
  refresh_token: { fields: ['refresh_token', 'audience', 'scope'], run: refresh },
  [FEDERATED]: {
    fields: [
      'subject_token',
      'subject_token_type',
      'requested_token_type',
      'connection',
      'login_hint',
      'scope',
    ],
    run: exchange,
  },
  'urn:openid:params:grant-type:ciba': { fields: ['auth_req_id'], run: pollCiba },
};

const CIBA_FIELDS = [
  'login_hint',
  'scope',
  'audience',
  'binding_message',
  'requested_expiry',
  'authorization_details',
];

/** Auth0's paths. */
export function route(world: World, asked: Asked): Answer | Promise<Answer> {
  const { pathname } = asked.url;
  if (pathname.startsWith('/me/v1/connected-accounts/')) return answerMyAccount(world, asked);
  switch (`${asked.method} ${pathname}`) {
    case 'GET /.well-known/openid-configuration':
      return { status: 200, body: describe(world) };
    case 'GET /.well-known/jwks.json':
      return { status: 200, body: { keys: [world.key.publicJwk] } };
    case 'GET /authorize':
    case 'POST /authorize':
      return authorize(world, asked);
    case 'POST /oauth/token':
      return grant(world, asked);
    case 'POST /oauth/revoke':
      return revoke(world, readClientRequest(world, asked, ['token', 'token_type_hint']));
    case 'POST /bc-authorize':
      return initiateCiba(world, readClientRequest(world, asked, CIBA_FIELDS));
    case 'GET /connected-accounts/connect':
      return openConsent(world, asked);
    case 'GET /login/callback':
      return closeConsent(world, asked);
    default:
      return { status: 404, body: { error: 'not_found' } };
  }
}

function grant(world: World, asked: Asked): Promise<Answer> {
  const all = [...new Set(Object.values(GRANTS).flatMap(({ fields }) => fields))];
  const fields = readClientRequest(world, asked, ['grant_type', ...all]);
  const kind = GRANTS[need(fields, 'grant_type')];
  if (kind === undefined)
    throw oauthError(403, 'unauthorized_client', 'Grant type is not allowed for the client');
  const known = ['client_id', 'client_secret', 'grant_type', ...kind.fields];
  const strange = Object.keys(fields).find((name) => !known.includes(name));
  if (strange !== undefined) throw oauthError(400, 'invalid_request', `unknown field ${strange}`);
  return kind.run(world, fields);
}

const describe = ({ issuer }: World) => ({
  issuer,
  authorization_endpoint: `${issuer}authorize`,
  token_endpoint: `${issuer}oauth/token`,
  revocation_endpoint: `${issuer}oauth/revoke`,
  backchannel_authentication_endpoint: `${issuer}bc-authorize`,
  backchannel_token_delivery_modes_supported: ['poll'],
  jwks_uri: `${issuer}.well-known/jwks.json`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  code_challenge_methods_supported: ['S256'],
  id_token_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
});
