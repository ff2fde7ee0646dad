import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  readonly location?: string;
  /** The Allow header of a 405 (RFC 9110 §15.5.6). */
  readonly allow?: string;
  /** The WWW-Authenticate header of a 401 (RFC 9110 §11.6.1). */
  readonly challenge?: string;
  /** A Set-Cookie header. */
  readonly cookie?: string;
  /** The Content-Security-Policy; one that allows nothing when absent. */
  readonly policy?: string;
  /** The connection cannot be used again. */
  readonly close?: boolean;
}

/** 302, which is what browsers turn into a GET after a POST. */
export function redirect(location: string, cookie?: string): Reply {
  return { status: 302, location, ...(cookie === undefined ? {} : { cookie }) };
}

export function replyJson(status: number, value: unknown): Reply {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

/**
 * Links of ours carry a secret, so nothing is cached and no referrer leaves. No answer may be framed
 * (clickjacking), sniffed, or load anything that its own policy does not name.
 */
export function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const {
    status,
    type,
    body = '',
    location,
    cookie,
    policy = "default-src 'none'; frame-ancestors 'none'",
  } = reply;
  response.writeHead(status, {
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-length': Buffer.byteLength(body),
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(location === undefined ? {} : { location }),
    ...(reply.allow === undefined ? {} : { allow: reply.allow }),
    ...(reply.challenge === undefined ? {} : { 'www-authenticate': reply.challenge }),
    ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
    ...(reply.close === true ? { connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
