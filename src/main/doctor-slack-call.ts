import { z } from 'zod';
import { ask } from './doctor-ask.ts';
import type { DoctorContext } from './doctor-finding.ts';

/** What a Web API method said. `refused` carries Slack's own error string. */
export type SlackAnswer =
  | {
      readonly kind: 'ok';
      readonly body: Readonly<Record<string, unknown>>;
      /** From x-oauth-scopes; null when Slack did not say. */
      readonly scopes: readonly string[] | null;
      readonly skewMs: number | null;
    }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'trouble'; readonly problem: string };

const Body = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

/** Calls one method that takes no arguments (docs.slack.dev, Web API: POST, bearer token, answers with `ok`). */
export async function callSlack(
  context: DoctorContext,
  apiUrl: string,
  method: string,
  token: string | null,
): Promise<SlackAnswer> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const answer = await ask(`${apiUrl}${method}`, { method: 'POST', headers, body: '' }, context);
  if (answer.kind === 'silence') return { kind: 'trouble', problem: answer.problem };
  if (answer.status === 429) return { kind: 'refused', error: 'ratelimited' };
  const body = parse(answer.text);
  if (body === null) {
    return { kind: 'trouble', problem: `it does not answer as Slack does (status ${answer.status})` };
  }
  if (!body.ok) return { kind: 'refused', error: (body.error ?? 'unknown_error').slice(0, 80) };
  const scopes = answer.headers.get('x-oauth-scopes');
  return {
    kind: 'ok',
    body,
    scopes: scopes === null ? null : scopes.split(/[\s,]+/).filter((scope) => scope !== ''),
    skewMs: answer.skewMs,
  };
}

function parse(text: string): z.infer<typeof Body> | null {
  try {
    return Body.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
