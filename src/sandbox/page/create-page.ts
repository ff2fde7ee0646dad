import type { IncomingMessage, ServerResponse } from 'node:http';
import { readCommand } from './commands.ts';
import { createEvents } from './events.ts';
import { refuseForeign } from './guard.ts';
import { answerJson, answerProblem } from './responses.ts';
import { buildState } from './state.ts';
import { readStaticFiles } from './static-files.ts';
import type { Worlds } from './worlds.ts';

export type Page = {
  /** @returns false when the request is not for the page, which then has not touched the response */
  handle(req: IncomingMessage, res: ServerResponse): boolean;
  /** Ends the open event streams and stops listening to the worlds. */
  close(): void;
};

/**
 * The sandbox's browser page: chat, App Home and modals of the Slack stand-in beside the mailbox, calendar
 * and issues of the others. It has no login, so it answers only for the hosts it is told, and changes
 * nothing for a request that another site's page could have made.
 * @param options.allowedHosts `host:port` values at which the page may be asked; read on every request
 */
export function createPage(options: Worlds & { allowedHosts: () => readonly string[] }): Page {
  const files = readStaticFiles();
  const events = createEvents([options.slack, options.google, options.github]);

  return {
    handle(req, res) {
      const url = new URL(req.url ?? '/', 'http://page.invalid');
      const isMine = url.pathname === '/' || url.pathname.startsWith('/sandbox/');
      if (!isMine) return false;
      if (refuseForeign(req, res, options.allowedHosts())) return true;
      if (req.method === 'POST') {
        void answerCommand(options, req, res, url.pathname.slice('/sandbox/'.length));
      } else if (req.method !== 'GET' && req.method !== 'HEAD') {
        answerProblem(res, 405, 'Only GET and POST are answered here.');
      } else if (url.pathname === '/sandbox/state') {
        answerState(options, res, url.searchParams);
      } else if (url.pathname === '/sandbox/events') {
        events.open(res);
      } else {
        files.answer(res, url.pathname === '/' ? 'index.html' : url.pathname.replace('/sandbox/static/', ''));
      }
      return true;
    },
    close: () => events.close(),
  };
}

function answerState(worlds: Worlds, res: ServerResponse, query: URLSearchParams): void {
  const state = buildState(worlds, query.get('user'), query.get('channel'));
  if (state === null) answerProblem(res, 404, 'There is nobody of that id in the sandbox. Reload the page.');
  else answerJson(res, 200, state);
}

async function answerCommand(
  worlds: Worlds,
  req: IncomingMessage,
  res: ServerResponse,
  name: string,
): Promise<void> {
  try {
    const command = await readCommand(req, name);
    if ('problem' in command) answerProblem(res, command.status, command.problem);
    else answerJson(res, 200, { ok: true, result: (await command.run(worlds.slack)) ?? null });
  } catch (error) {
    // The stand-in's own words are for the person at the page: there is no secret in a world of pretence.
    answerProblem(res, 422, error instanceof Error ? error.message : String(error));
  }
}
