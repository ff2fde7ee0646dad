import type { IncomingMessage } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text of a page. */
  readonly body?: unknown;
}

/** A refusal, thrown where it is found. */
export class Refused extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`refused: ${JSON.stringify(answer.body)}`);
    this.answer = answer;
  }
}

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** RFC 6749 §5.2. */
export const oauthError = (status: number, error: string, description: string): Refused =>
  new Refused({ status, body: { error, error_description: description } });

/** RFC 9457, as the My Account API answers. */
export const problem = (status: number, title: string, detail: string): Refused =>
  new Refused({ status, body: { type: 'about:blank', status, title, detail } });

/** The fields of a token request, form or JSON; each once, and none that is not expected. */
export function readFields({ headers, body }: Asked, known: readonly string[]): Record<string, string> {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim();
  const pairs: [string, unknown][] =
    type === 'application/x-www-form-urlencoded'
      ? [...new URLSearchParams(body)]
      : type === 'application/json'
        ? Object.entries(JSON.parse(body) as object)
        : refuseType(type);
  const fields: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (!known.includes(name)) throw oauthError(400, 'invalid_request', `unknown field ${name}`);
    if (typeof value !== 'string' || value === '')
      throw oauthError(400, 'invalid_request', `${name} is empty`);
    if (name in fields) throw oauthError(400, 'invalid_request', `${name} is there twice`);
    fields[name] = value;
  }
  return fields;
}

function refuseType(type: string | undefined): never {
  throw oauthError(400, 'invalid_request', `content type ${type ?? 'missing'}`);
}

export function need(fields: Record<string, string>, name: string): string {
  const value = fields[name];
  if (value === undefined) throw oauthError(400, 'invalid_request', `${name} is missing`);
  return value;
}

export function redirectTo(base: string, query: Record<string, string>): Answer {
  const url = new URL(base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href } };
}
