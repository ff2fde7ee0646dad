import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import type { ZodType } from 'zod';
import type { Http } from '../action.ts';
import { boundHttp } from '../provider/bound-http.ts';
import { readAnswer } from '../provider/read-answer.ts';
import { toProviderError } from '../provider-error.ts';

/**
 * Sends one Google Calendar request over the lease's `http` and returns the part of the answer `schema` names.
 * @param about `what` for "cannot find {what}", `effect` when a lost answer leaves the effect open
 */
export async function askCalendar<T>(
  http: Http,
  about: { readonly what: string; readonly effect: boolean },
  schema: ZodType<T>,
  send: (calendar: calendar_v3.Calendar) => Promise<{ data: unknown }>,
): Promise<T> {
  const context = { service: 'Google Calendar', ...about };
  // Loaded on first use: it costs a start of the program a quarter of a second.
  const { calendar } = await import('googleapis/build/src/apis/calendar/index.js');
  const client = calendar({
    version: 'v3',
    retry: false,
    fetchImplementation: boundHttp(http, context),
    // Otherwise an environment variable of Google's could send requests to another domain.
    universeDomain: 'googleapis.com',
  });
  try {
    return readAnswer(schema, (await send(client)).data, context);
  } catch (error) {
    throw toProviderError(error, context);
  }
}
