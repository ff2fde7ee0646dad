import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';

/** A name that resolves nowhere; {@link routeTenant} leads it to the stand-in. */
export const DOMAIN = 'tenant.test';
export const CLIENT = { domain: DOMAIN, clientId: 'desk', clientSecret: 'desk-secret' };

const CIBA = 'urn:openid:params:grant-type:ciba';
const EXCHANGE = 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token';

export interface Tenant {
  readonly origin: string;
  /** Every CIBA request there was: each would have been a push to somebody's phone. */
  readonly pushes: { id: string; message: string; approved: boolean; used: boolean }[];
  /** The refresh token of every exchange asked for. */
  readonly exchanges: string[];
  stop(): Promise<void>;
}

/**
 * A tenant, as far as the SDK's authorizers speak to one: CIBA (POST /bc-authorize and the poll) and the Token Vault
 * exchange. It refuses what Auth0 would refuse; an auth_req_id gives a token once, a day long, as at Auth0.
 */
export async function startTenant(): Promise<Tenant> {
  const pushes: Tenant['pushes'] = [];
  const exchanges: string[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      answer(request, body, response);
    });
  });
  const answer = (request: IncomingMessage, body: Map<string, string>, response: ServerResponse): void => {
    if (body.get('client_id') !== CLIENT.clientId || body.get('client_secret') !== CLIENT.clientSecret)
      return send(response, 401, { error: 'invalid_client' });
    const route = `${request.method} ${request.url}`;
    if (route === 'POST /bc-authorize') {
      const hint = JSON.parse(body.get('login_hint') ?? '{}') as Record<string, string>;
      const message = body.get('binding_message') ?? '';
      const fine =
        hint['format'] === 'iss_sub' &&
        hint['iss'] === `https://${DOMAIN}/` &&
        body.get('scope')?.split(' ').includes('openid') === true &&
        /^[\w+.,:# -]{1,64}$/.test(message);
      if (!fine) return send(response, 400, { error: 'invalid_request' });
      pushes.push({ id: `req-${pushes.length + 1}`, message, approved: false, used: false });
      return send(response, 200, { auth_req_id: `req-${pushes.length}`, expires_in: 300, interval: 5 });
    }
    if (route !== 'POST /oauth/token') return send(response, 404, { error: 'not_found' });
    if (body.get('grant_type') === CIBA) {
      const push = pushes.find(({ id }) => id === body.get('auth_req_id'));
      if (push === undefined || push.used) return send(response, 400, { error: 'invalid_grant' });
      if (!push.approved) return send(response, 400, { error: 'authorization_pending' });
      push.used = true;
      const token = {
        access_token: `at-${push.id}`,
        id_token: 'x.y.z',
        expires_in: 86_400,
        token_type: 'Bearer',
      };
      return send(response, 200, token);
    }
    if (body.get('grant_type') === EXCHANGE) {
      const refresh = body.get('subject_token') ?? '';
      exchanges.push(refresh);
      const user = /^rt-(\w+)$/.exec(refresh)?.[1];
      if (user === undefined) return send(response, 401, { error: 'invalid_grant' });
      const token = { access_token: `google-token-of-${user}`, scope: 'calendar', expires_in: 3_600 };
      return send(response, 200, { ...token, token_type: 'Bearer' });
    }
    send(response, 400, { error: 'unsupported_grant_type' });
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pushes,
    exchanges,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A form or JSON, of strings. */
async function readBody(request: IncomingMessage): Promise<Map<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const isJson = request.headers['content-type']?.includes('json') === true;
  return new Map(
    isJson ? Object.entries(JSON.parse(text) as Record<string, string>) : new URLSearchParams(text),
  );
}

/**
 * The SDK insists on https://DOMAIN and on the global `fetch`: this leads that one origin to the stand-in, below
 * `fetch`, so no certificate is needed. @returns what undoes it
 */
export function routeTenant(origin: string): () => void {
  const before = getGlobalDispatcher();
  setGlobalDispatcher(
    new Agent().compose((dispatch) => (options, handler) => {
      const isTenant = String(options.origin) === `https://${DOMAIN}`;
      return dispatch(isTenant ? { ...options, origin } : options, handler);
    }),
  );
  return () => {
    setGlobalDispatcher(before);
  };
}
