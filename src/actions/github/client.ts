import type { Octokit } from '@octokit/rest';
import type { ZodType } from 'zod';
import type { Http } from '../action.ts';
import { boundHttp } from '../provider/bound-http.ts';
import { readAnswer } from '../provider/read-answer.ts';
import { toProviderError } from '../provider-error.ts';

const API_VERSION = '2022-11-28';

/**
 * Sends one GitHub request over the lease's `http` and returns the part of the answer `schema` names.
 * @param about `what` for "cannot find {what}", `effect` when a lost answer leaves the effect open
 */
export async function askGithub<T>(
  http: Http,
  about: { readonly what: string; readonly effect: boolean },
  schema: ZodType<T>,
  send: (github: Octokit['rest']) => Promise<{ data: unknown }>,
): Promise<T> {
  const context = { service: 'GitHub', ...about };
  const { Octokit } = await import('@octokit/rest');
  const octokit = new Octokit({
    userAgent: 'agentdesk',
    request: { fetch: boundHttp(http, context) },
    // Its own log would print paths and titles past our redacting logger.
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  octokit.hook.before('request', (options) => {
    options.headers['x-github-api-version'] = API_VERSION;
  });
  try {
    return readAnswer(schema, (await send(octokit.rest)).data, context);
  } catch (error) {
    throw toProviderError(error, context);
  }
}

function ignore(): void {
  // nothing: every failure reaches the caller as an error
}
