import type { Http } from '../action.ts';
import { toProviderError } from '../provider-error.ts';
import type { ProviderContext } from './context.ts';
import { toRefusalError } from './refusal.ts';

const TIMEOUT_MS = 15_000;
const BODYLESS = [204, 205, 304];

/**
 * The lease's `http` as the provider clients get it: each request ends after 15 seconds, is not redirected,
 * and its answer is read whole here, because Octokit takes a body that breaks off for an empty one. Throws
 * the `DeskError` itself for every failure, so that both clients' own error handling has nothing to add.
 */
export function boundHttp(http: Http, about: ProviderContext): Http {
  return async (input, init = {}) => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const request: RequestInit = {
      method: init.method ?? 'GET',
      headers: new Headers(init.headers),
      redirect: 'manual',
      signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
    };
    if (init.body != null) request.body = init.body;
    const { response, body } = await send(http, String(input), request, about);
    if (!response.ok) {
      throw toRefusalError({ status: response.status, headers: response.headers, body: parse(body) }, about);
    }
    const { status, statusText, headers } = response;
    return new Response(BODYLESS.includes(status) ? null : body, { status, statusText, headers });
  };
}

async function send(http: Http, url: string, request: RequestInit, about: ProviderContext) {
  try {
    const response = await http(url, request);
    return { response, body: await response.text() };
  } catch (error) {
    throw toProviderError(error, about);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A proxy's HTML page is as good a refusal as the provider's JSON.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
