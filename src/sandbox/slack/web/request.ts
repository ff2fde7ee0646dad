import type { IncomingMessage } from 'node:http';
import { isObject } from '../blocks/rules.ts';

const LARGEST_BODY = 2_000_000;

/** @throws RangeError for a body larger than the stand-in takes */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const chunk = part as Buffer;
    size += chunk.length;
    if (size > LARGEST_BODY) throw new RangeError('body too large');
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/**
 * The arguments of a Web API call: query, then form or JSON body.
 * @returns null when the body is not what its type says
 */
export function readValues(url: URL, type: string, body: Buffer): Record<string, unknown> | null {
  const query = Object.fromEntries(url.searchParams);
  const text = body.toString('utf8');
  if (text === '') return query;
  if (!type.startsWith('application/json'))
    return { ...query, ...Object.fromEntries(new URLSearchParams(text)) };
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { ...query, ...value } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The token of an Authorization: Bearer header, or the client of a Basic one. */
export function readAuthorization(header: string | undefined): {
  bearer: string | null;
  basic: { id: string; secret: string } | null;
} {
  const [scheme = '', value = ''] = (header ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer' && value !== '') return { bearer: value, basic: null };
  if (scheme.toLowerCase() !== 'basic') return { bearer: null, basic: null };
  const [id = '', ...secret] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return {
    bearer: null,
    basic: { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(':')) },
  };
}
