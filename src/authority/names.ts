/** The one client: the desk. */
export const CLIENT_ID = 'agentdesk';

/** Audience of the tokens that prove an approval. */
export const AUDIENCE = 'https://agentdesk/api';

/** Poll interval told to the desk, in seconds (CIBA Core 7.3; Auth0 says 5 too). */
export const POLL_SECONDS = 5;

/** Life of a proof, in seconds: the desk reads it at once and forgets it. */
export const PROOF_SECONDS = 60;

/** Token Vault's grant, under Auth0's name (docs: Token Vault, "Get token"). */
export const EXCHANGE_GRANT =
  'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token';
export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

export const JWT_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:jwt';
export const FEDERATED_TOKEN_TYPE = 'http://auth0.com/oauth/token-type/federated-connection-access-token';

/** `typ` headers: a token made for one purpose is never read as another (RFC 8725 section 3.11). */
export const CLICK_TYP = 'agentdesk-click+jwt';
export const EXCHANGE_TYP = 'token-vault-req+jwt';
export const MY_ACCOUNT_TYP = 'agentdesk-me+jwt';

/** A request body of more bytes is refused. */
export const MAX_BODY_BYTES = 64 * 1024;

/** What an approval may be about; each details entry names one. */
export const APPROVAL_TYPES = [
  'agentdesk_call',
  'agentdesk_policy',
  'agentdesk_relink',
  'agentdesk_grant',
] as const;

/** base64url of a sha256. */
export const DIGEST = /^[A-Za-z0-9_-]{43}$/;
