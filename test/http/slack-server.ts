import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

interface Grant {
  readonly redirectUri: string;
  readonly nonce: string;
  readonly claims: JWTPayload;
  readonly forged: boolean;
}

/** What a test changes of the next sign-in. */
interface Twist {
  readonly claims?: JWTPayload;
  /** Signs with a key that is not published. */
  readonly forged?: boolean;
}

const CLIENT = { clientId: '1.2', clientSecret: 'slack-secret' };

/** Sign in with Slack, strict about every parameter, for one signed-in person: Ben. */
export async function startSlackServer(team = 'T0SANDBOX') {
  const [own, other] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
  const grants = new Map<string, Grant>();
  let origin = '';
  let discovered: Record<string, string> = {};

  const publishKeys = async () => ({
    keys: [{ ...(await exportJWK(own.publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }],
  });

  async function redeem(form: URLSearchParams): Promise<Record<string, unknown>> {
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    if (grant === undefined) return { ok: false, error: 'invalid_code' };
    if (form.get('client_id') !== CLIENT.clientId) return { ok: false, error: 'invalid_client_id' };
    if (form.get('client_secret') !== CLIENT.clientSecret) return { ok: false, error: 'bad_client_secret' };
    if (form.get('redirect_uri') !== grant.redirectUri) return { ok: false, error: 'bad_redirect_uri' };
    if (form.get('grant_type') !== 'authorization_code') return { ok: false, error: 'invalid_grant_type' };
    const seconds = Math.floor(Date.now() / 1000);
    const idToken = await new SignJWT({
      iss: origin,
      aud: CLIENT.clientId,
      sub: 'U0BEN',
      iat: seconds,
      exp: seconds + 300,
      nonce: grant.nonce,
      'https://slack.com/user_id': 'U0BEN',
      'https://slack.com/team_id': team,
      ...grant.claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .sign((grant.forged ? other : own).privateKey);
    return { ok: true, access_token: 'xoxp-never-kept', token_type: 'Bearer', id_token: idToken };
  }

  async function reply(path: string, form: URLSearchParams): Promise<unknown> {
    if (path === '/.well-known/openid-configuration') {
      return { issuer: origin, jwks_uri: `${origin}/openid/connect/keys`, ...discovered };
    }
    if (path === '/openid/connect/keys') {
      return publishKeys();
    }
    return path === '/api/openid.connect.token' ? redeem(form) : null;
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    const finish = async (): Promise<void> => {
      const body = await reply(request.url ?? '', new URLSearchParams(Buffer.concat(chunks).toString()));
      response.writeHead(body === null ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    request.on('end', () => void finish());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    signIn: { ...CLIENT, origin, apiUrl: `${origin}/api/` },
    /** Ben agrees at the authorize page. @returns the URL the browser is sent back to */
    agree(location: string, { claims = {}, forged = false }: Twist = {}): string {
      const url = new URL(location);
      const query = Object.fromEntries(url.searchParams);
      const expected = { response_type: 'code', client_id: CLIENT.clientId, team };
      for (const [name, value] of Object.entries(expected)) {
        if (query[name] !== value) throw new Error(`${name} is ${query[name]}`);
      }
      if (url.origin !== origin || url.pathname !== '/openid/connect/authorize')
        throw new Error(url.pathname);
      if (query['scope'] !== 'openid profile email') throw new Error(`scope is ${query['scope']}`);
      const { redirect_uri: redirectUri = '', nonce = '', state = '' } = query;
      const code = randomBytes(16).toString('hex');
      grants.set(code, { redirectUri, nonce, claims, forged });
      return `${redirectUri}?${new URLSearchParams({ code, state })}`;
    },
    publishKeys,
    /** Overrides parts of the discovery document. */
    discover: (parts: Record<string, string>) => {
      discovered = parts;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
