import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { makeCertificates } from './certificates.ts';
import { route } from './routes.ts';
import { Refused, type Answer } from './wire.ts';
import { createWorld, type Fault, type TenantProvider, type TenantUser, type World } from './world.ts';

/**
 * A strict stand-in of an Auth0 tenant, over HTTPS at `localhost`: its paths, its wire, its refusals. Who connects must
 * trust its certificate authority (NODE_EXTRA_CA_CERTS).
 */
export async function startTenant(options: {
  users: readonly TenantUser[];
  providers: Readonly<Record<string, TenantProvider>>;
  now?: () => Date;
}) {
  const certificates = makeCertificates();
  const world = await createWorld({ now: () => new Date(), ...options });
  const server = createServer({ key: certificates.key, cert: certificates.cert }, (request, response) => {
    void answer(world, request).then((reply) => {
      send(response, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const domain = `localhost:${(server.address() as AddressInfo).port}`;
  world.issuer = `https://${domain}/`;
  return {
    world,
    domain,
    ca: certificates.ca,
    caFile: certificates.caFile,
    /** The desk's side of it, as `createDesk` takes it. */
    client: () => ({
      domain,
      issuer: world.issuer,
      clientId: world.clientId,
      clientSecret: world.clientSecret,
    }),
    /** Answers the next requests of a path so, whatever they ask. */
    fail(path: string, ...faults: Fault[]) {
      world.faults.set(path, [...(world.faults.get(path) ?? []), ...faults]);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      certificates.remove();
    },
  };
}

export type Tenant = Awaited<ReturnType<typeof startTenant>>;

async function answer(world: World, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', world.issuer);
  const method = request.method ?? '';
  const body = await readText(request);
  const grant = /grant_type=([^&]+)/.exec(body)?.[1] ?? '';
  world.requests.push([method, url.pathname, decodeURIComponent(grant).split(':').at(-1)].join(' ').trim());
  const fault = world.faults.get(url.pathname)?.shift();
  if (fault !== undefined) return fault;
  try {
    return await route(world, { method, url, headers: request.headers, body });
  } catch (error) {
    const refused =
      error instanceof Refused
        ? error.answer
        : { status: 400, body: { error: 'invalid_request', why: String(error) } };
    if (
      refused.status === 400 &&
      JSON.stringify(refused.body).match(/invalid_request|Invalid request|unknown/)
    )
      world.violations.push(`${method} ${url.pathname}: ${JSON.stringify(refused.body)}`);
    return refused;
  }
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  const isPage = typeof body === 'string';
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': isPage ? 'text/html' : 'application/json' }),
    ...headers,
  });
  response.end(body === undefined ? undefined : isPage ? body : JSON.stringify(body));
}
