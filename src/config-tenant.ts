import type { Environment } from './config-readers.ts';
import type { Config } from './config-types.ts';

/**
 * The Auth0 tenant, when there is one: domain, client id and client secret, or none of the three.
 * The domain is a host, with a port perhaps; the issuer has a slash at its end (OpenID Connect Discovery §3 asks for
 * the very string, and Auth0's has one).
 */
export function readTenant(from: Environment): Config['tenant'] {
  const domain = from.text('AUTH0_DOMAIN');
  const clientId = from.text('AUTH0_CLIENT_ID');
  const given = [domain, clientId, from.text('AUTH0_CLIENT_SECRET')].filter((value) => value !== null);
  if (given.length !== 0 && given.length !== 3) {
    from.problems.push(
      'AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET go together: set all three, or none to use the embedded vault',
    );
  }
  if (given.length === 0 && from.text('AUTH0_AUDIENCE') !== null) {
    from.problems.push('AUTH0_AUDIENCE means something only with AUTH0_DOMAIN; unset it, or set the tenant');
  }
  if (domain === null || clientId === null || given.length !== 3) return null;
  if (!isHost(domain)) {
    from.problems.push(
      'AUTH0_DOMAIN is a host name without https:// and without a path; write it like acme.eu.auth0.com',
    );
    return null;
  }
  const { host } = new URL(`https://${domain}/`);
  return {
    domain: host,
    issuer: `https://${host}/`,
    clientId,
    audience: from.fallback('AUTH0_AUDIENCE'),
    // Auth0's own bounds (https://auth0.com/docs: CIBA, requested_expiry); shorter ones leave nobody time to look.
    deviceSeconds: from.integer('AUTH0_CIBA_SECONDS', 30, 259_200),
    logPollSeconds: from.integer('AUTH0_LOG_POLL_SECONDS', 0, 86_400),
  };
}

/** What the tenant's log stream has to show; one that could be guessed is refused. */
export function readLogStreamToken(from: Environment): string | null {
  const token = from.text('AUTH0_LOG_STREAM_TOKEN');
  if (token !== null && token.length < 24) {
    from.problems.push(
      "AUTH0_LOG_STREAM_TOKEN is too short; make one with: node -e \"console.log(require('crypto').randomBytes(32).toString('base64url'))\"",
    );
  }
  return token;
}

function isHost(text: string): boolean {
  return (
    /^[a-z0-9.-]+(:\d{1,5})?$/i.test(text) &&
    URL.canParse(`https://${text}/`) &&
    new URL(`https://${text}/`).host === text.toLowerCase().replace(/:443$/, '')
  );
}
