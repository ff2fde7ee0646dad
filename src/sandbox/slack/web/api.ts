import type { IncomingMessage, ServerResponse } from 'node:http';
import { createArgs } from '../args.ts';
import type { PlannedFaults } from '../faults.ts';
import type { Methods } from '../methods/method.ts';
import { Refusal } from '../refusal.ts';
import type { Tokens } from '../tokens.ts';
import type { Json } from '../world.ts';
import type { Workspace } from '../workspace.ts';
import { readAuthorization, readValues } from './request.ts';

/** Handles `/api/<method>`. */
export type Api = (
  method: string,
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  response: ServerResponse,
) => Promise<void>;

/**
 * The Web API: checks token and scope, runs the method, answers in Slack's form. What it refuses is recorded
 * as a violation, but not a refusal that a test planned.
 */
export function createApi(
  workspace: Workspace,
  methods: Methods,
  tokens: Tokens,
  faults: PlannedFaults,
): Api {
  async function run(name: string, request: IncomingMessage, url: URL, body: Buffer): Promise<Json> {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) throw new Refusal('unknown_method', { req_method: name });
    const values = readValues(url, request.headers['content-type'] ?? '', body);
    if (values === null) throw new Refusal('invalid_json');
    const args = createArgs(values);
    const { bearer, basic } = readAuthorization(request.headers.authorization);
    const token = bearer ?? args.text('token') ?? null;
    const { teamId } = tokens.check(token, method);
    if (method.scopes !== undefined && !method.scopes.some((scope) => workspace.scopes.includes(scope))) {
      throw new Refusal('missing_scope', {
        needed: method.scopes.join(','),
        provided: workspace.scopes.join(','),
      });
    }
    return method.run(args, workspace, { token, teamId, basic });
  }

  return async (name, request, url, body, response) => {
    const fault = faults.take(name);
    if (fault !== null && fault.dropAnswer !== true) {
      const status = fault.status ?? (fault.retryAfter === undefined ? 200 : 429);
      const retry: Record<string, string> =
        fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      const error = fault.error ?? (status === 429 ? 'ratelimited' : 'internal_error');
      return answer(response, status, { ok: false, error }, retry);
    }
    const accepted = Object.hasOwn(methods, name) ? (methods[name]?.scopes ?? []) : [];
    const headers = {
      'x-oauth-scopes': workspace.scopes.join(','),
      'x-accepted-oauth-scopes': accepted.join(','),
    };
    try {
      const result = await run(name, request, url, body);
      if (fault?.dropAnswer === true) return void request.socket.destroy();
      answer(response, 200, { ok: true, ...result }, headers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      workspace.violations.record(name, error.error, JSON.stringify(error.extra));
      answer(response, 200, { ok: false, error: error.error, ...error.extra }, headers);
    }
  };
}

function answer(response: ServerResponse, status: number, body: Json, headers: Record<string, string>): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
