import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readRelyingParty } from '../approvals/strong/relying-party.ts';
import { DeskError } from '../errors.ts';
import { describeCaller } from './caller.ts';
import { closeServer } from './close-server.ts';
import { answerError, answerNotFound, answerProblem } from './error-page.ts';
import { isOwnForm } from './own-form.ts';
import type { HttpDoorOptions } from './options.ts';
import { send, type Reply } from './reply.ts';
import { matchRoute, type Match } from './router.ts';
import { ROUTES } from './routes.ts';
import { takeBody } from './take-body.ts';

/** What Slack's own receiver answers: events by HTTP, and OAuth installs. */
const SLACK_PATHS = new Set(['/slack/events', '/slack/install', '/slack/oauth_redirect']);

export interface HttpDoor {
  /** @throws DeskError `config_invalid` when the address cannot be listened on */
  start(): Promise<{ port: number }>;
  /** Lets running answers end, for at most two seconds. */
  stop(): Promise<void>;
}

/** Where pages of ours are: at PUBLIC_URL and, for passkeys on this machine, at its name. */
function ownOrigins({ publicUrl }: HttpDoorOptions): string[] {
  const party = readRelyingParty(publicUrl());
  return party === null ? [publicUrl()] : [publicUrl(), party.origin];
}

/** The browser door: health, metrics, and the pages a link from Slack opens. */
export function createHttpDoor(options: HttpDoorOptions): HttpDoor {
  const server = createServer({ connectionsCheckingInterval: 5000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const reply = answerError(options.log, 'unknown', error);
      // Of an answer that had begun, or to a visitor who went away, nothing more can be told.
      if (response.headersSent || request.destroyed) response.destroy();
      else send(request, response, reply);
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 5000;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The base only completes the path; no host of the caller's is ever used.
    const target = request.url ?? '';
    if (!/^\/(?!\/)/.test(target) || !URL.canParse(target, 'http://door.invalid')) {
      return send(request, response, answerProblem(400, 'This address is not usable.'));
    }
    const url = new URL(target, 'http://door.invalid');
    if (SLACK_PATHS.has(url.pathname) && options.slackEvents !== null) {
      options.slackEvents(request, response);
      return;
    }
    const match = matchRoute(ROUTES, request.method ?? '', url.pathname);
    if (match === 'unknown' && options.fallback?.(request, response) === true) return;
    const started = performance.now();
    const reply = await reckon(request, url, match);
    send(request, response, reply);
    const route = match === 'unknown' || 'allow' in match ? 'none' : match.route.path;
    const ms = Math.round(performance.now() - started);
    options.log.debug({ route, status: reply.status, ms }, 'http answered');
  }

  async function reckon(request: IncomingMessage, url: URL, match: Match): Promise<Reply> {
    if (match === 'unknown') return answerNotFound();
    if ('allow' in match) {
      const text = 'This page does not take that kind of request. Open the link from Slack again.';
      return { ...answerProblem(405, text), allow: match.allow.join(', ') };
    }
    let json: string | null = null;
    if (request.method === 'POST') {
      if (!ownOrigins(options).some((origin) => isOwnForm(request.headers, origin))) {
        options.log.warn({ route: match.route.path }, 'refused a form of another site');
        const text = `This form was not sent by its own page. Open the link from Slack again, at ${options.publicUrl()}.`;
        return answerProblem(403, text);
      }
      const { maxBytes } = match.route;
      const body = await takeBody(request, maxBytes);
      if (body === null) return { ...answerProblem(413, 'That is too much.'), close: true };
      if (maxBytes !== undefined || request.headers['content-type'] === 'application/json')
        json = body.toString('utf8');
    }
    try {
      const cookies = request.headers.cookie ?? '';
      const visit = { url, reference: match.reference, cookies, caller: describeCaller(request), json };
      return await match.route.answer(options, visit);
    } catch (error) {
      return answerError(options.log, match.route.path, error);
    }
  }

  return {
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', (cause) => {
          const problem = `cannot listen on ${options.host}, port ${options.port} (${cause.message}); set PORT or HOST to a free one`;
          reject(new DeskError('config_invalid', { problem }, { cause }));
        });
        server.listen(options.port, options.host, resolve);
      });
      return { port: (server.address() as AddressInfo).port };
    },
    stop: () => closeServer(server, 1500),
  };
}
