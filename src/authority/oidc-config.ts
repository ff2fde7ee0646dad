import { errors, type Configuration, type Provider } from 'oidc-provider';
import type { JWK } from 'jose';
import { z } from 'zod';
import { createAdapterFactory } from './adapter.ts';
import { readApprovalDigest } from './approval-digest.ts';
import type { Context } from './context.ts';
import { settleRequest } from './decisions.ts';
import { APPROVAL_TYPES, AUDIENCE, CIBA_GRANT, CLIENT_ID, EXCHANGE_GRANT, PROOF_SECONDS } from './names.ts';

const MAX_EXPIRY_SECONDS = 86_400;
const DEFAULT_EXPIRY_SECONDS = 300;

/** Letters, digits and `+-_.,:#` with single spaces; Auth0 allows 64 characters. */
const BINDING_MESSAGE = /^(?! )(?!.* $)(?!.* {2})[A-Za-z0-9+\-_.,:# ]{1,64}$/;

const LoginHint = z.object({
  format: z.literal('iss_sub'),
  iss: z.string(),
  sub: z.string().regex(/^\P{C}{1,255}$/u),
});

/**
 * oidc-provider's configuration: CIBA in poll mode with rich authorization requests on Auth0's paths, and nothing
 * else switched on.
 * @param provider the instance this becomes part of, which exists by the time a hook runs
 */
export function configureOidc(
  context: Context,
  keys: readonly JWK[],
  provider: () => Provider,
): Configuration {
  const { issuer } = context;
  return {
    adapter: createAdapterFactory(context),
    jwks: { keys: [...keys] },
    clients: [describeDesk(context)],
    clientAuthMethods: ['private_key_jwt'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
    responseTypes: ['none'],
    scopes: ['openid'],
    routes: {
      token: '/oauth/token',
      jwks: '/.well-known/jwks.json',
      backchannel_authentication: '/bc-authorize',
    },
    // No cookie is ever set; the provider wants keys all the same.
    cookies: { keys: [context.keyring.derive('authority-signing-key').toString('base64url')] },
    ttl: {
      AccessToken: PROOF_SECONDS,
      IdToken: PROOF_SECONDS,
      Grant: 2 * MAX_EXPIRY_SECONDS,
      BackchannelAuthenticationRequest: (ctx) =>
        Number(ctx.oidc.params?.['requested_expiry'] ?? DEFAULT_EXPIRY_SECONDS),
    },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    revokeGrantPolicy: () => false,
    assertJwtClientAuthClaimsAndHeader(_ctx, claims) {
      if (claims['aud'] !== issuer) throw new errors.InvalidClientAuth('the audience must be the issuer');
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo(_ctx, resource) {
          if (resource !== AUDIENCE) throw new errors.InvalidTarget('there is no such audience');
          return {
            audience: AUDIENCE,
            scope: '',
            accessTokenTTL: PROOF_SECONDS,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
      richAuthorizationRequests: {
        enabled: true,
        types: Object.fromEntries(APPROVAL_TYPES.map((type) => [type, { validate: () => undefined }])),
        authorizationDetailsForGrantSource: (_ctx, source) => source.rar,
        authorizationDetailsForAccessToken: (_ctx, _token, source) => source?.rar,
        authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
      },
      ciba: {
        enabled: true,
        deliveryModes: ['poll'],
        processLoginHint: (_ctx, hint) => readLoginHint(hint, issuer),
        processLoginHintToken: () => Promise.reject(new errors.InvalidRequest('use login_hint')),
        verifyUserCode: () => undefined,
        validateBindingMessage(_ctx, message) {
          if (!BINDING_MESSAGE.test(message ?? '')) {
            throw new errors.InvalidBindingMessage('1 to 64 of A-Z a-z 0-9 + - _ . , : # and single spaces');
          }
        },
        validateRequestContext: (ctx) => checkRequest(ctx.oidc.params),
        // By its id: the instance at hand does not know its expiry, the stored row does.
        triggerAuthenticationDevice: (_ctx, request) => settleRequest(context, provider(), request.jti),
      },
    },
  };
}

function describeDesk({ trustedKeys }: Context): NonNullable<Configuration['clients']>[number] {
  return {
    client_id: CLIENT_ID,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [...trustedKeys.desk] as JWK[] },
    grant_types: [CIBA_GRANT, EXCHANGE_GRANT],
    response_types: [],
    redirect_uris: [],
    backchannel_token_delivery_mode: 'poll',
    authorization_details_types: [...APPROVAL_TYPES],
  };
}

/** The subject of an `iss_sub` hint in JSON, the one form Auth0 takes; undefined is an unknown user. */
function readLoginHint(hint: string | undefined, issuer: string): string | undefined {
  try {
    const parsed = LoginHint.safeParse(JSON.parse(hint ?? ''));
    return parsed.success && parsed.data.iss === issuer ? parsed.data.sub : undefined;
  } catch (cause) {
    throw new errors.InvalidRequest('login_hint is not JSON', undefined, { cause });
  }
}

function checkRequest(params: unknown): void {
  if (readApprovalDigest(params) === null) {
    throw new errors.InvalidRequest(
      'authorization_details need one agentdesk entry with its approval_digest',
    );
  }
  const { requested_expiry: expiry } = params as { requested_expiry?: string };
  if (expiry !== undefined && !(Number(expiry) <= MAX_EXPIRY_SECONDS)) {
    throw new errors.InvalidRequest(`requested_expiry is at most ${MAX_EXPIRY_SECONDS} seconds`);
  }
}
