import type { IncomingMessage } from 'node:http';
import type { Incoming } from './exchange.ts';

const MAX_BODY_BYTES = 36 * 1024 * 1024;

/** Reads a request's body in full; null when it is larger than any provider here takes. */
export async function readBody(message: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** A JSON object body; undefined when it is not JSON or not an object. An empty body is `{}`. */
export function parseJsonObject(body: Buffer): Record<string, unknown> | undefined {
  if (body.length === 0) return {};
  const value = parseJson(body.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>;
}

/** Parsed JSON, or undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function mediaType(request: Incoming): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Form or JSON parameters of an OAuth endpoint, as strings. */
export function parseParams(request: Incoming): URLSearchParams {
  if (mediaType(request) !== 'application/json') return new URLSearchParams(request.body.toString('utf8'));
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(parseJsonObject(request.body) ?? {})) {
    if (typeof value === 'string') params.set(name, value);
  }
  return params;
}
