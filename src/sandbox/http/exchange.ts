import type { IncomingHttpHeaders } from 'node:http';

/** One request as a stand-in's handler sees it: read in full, path parameters decoded. */
export interface Incoming {
  readonly method: string;
  /** Without the query, still percent-encoded. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where this stand-in listens: `http://127.0.0.1:PORT`. */
  readonly origin: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Handler = (request: Incoming) => Reply | Promise<Reply>;

/** Thrown by a handler to answer with a refusal from any depth. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

export function replyJson(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function replyEmpty(status: number, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: '' };
}

/** A redirect to `url` with the parameters added; parameters that are undefined are left out. */
export function replyRedirect(url: string, params: Record<string, string | undefined>): Reply {
  const target = new URL(url);
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) target.searchParams.set(name, value);
  }
  return { status: 302, headers: { location: target.href, 'cache-control': 'no-store' }, body: '' };
}
