import { mediaType, parseJsonObject } from '../http/body.ts';
import type { Incoming } from '../http/exchange.ts';
import { refuse, refuseInvalid } from './errors.ts';

interface GivenMessage {
  readonly raw: Buffer;
  readonly threadId: unknown;
  /** The body around the message: a draft's id, for example. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The message a request carries: `raw` in JSON (inside `message` for drafts), or the message itself at the
 * upload address, alone or after a JSON part: https://developers.google.com/workspace/gmail/api/guides/uploads
 * @throws Refusal 400 when there is none
 */
export function readMessage(request: Incoming, nested: boolean): GivenMessage {
  const type = mediaType(request);
  if (request.path.startsWith('/upload/')) {
    if (type === 'multipart/related') return readRelated(request, nested);
    return { raw: request.body, threadId: undefined, body: {} };
  }
  const body = parseJsonObject(request.body);
  if (!body) throw refuse('gmail', { status: 400, reason: 'parseError', inner: 'Parse Error' });
  const message = messageIn(body, nested);
  const raw = typeof message['raw'] === 'string' ? decodeRaw(message['raw']) : null;
  if (!raw || raw.length === 0) {
    throw refuseInvalid(
      'gmail',
      "'raw' RFC822 payload message string or uploading message via /upload/* URL required",
    );
  }
  return { raw, threadId: message['threadId'], body };
}

function messageIn(body: Record<string, unknown>, nested: boolean): Record<string, unknown> {
  if (!nested) return body;
  const message = body['message'];
  return typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {};
}

/** base64url; the padded and plain alphabets are taken as well. Null for anything else. */
function decodeRaw(text: string): Buffer | null {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : null;
}

function readRelated(request: Incoming, nested: boolean): GivenMessage {
  const found = /boundary="?([^";]+)"?/i.exec(request.headers['content-type'] ?? '');
  const parts = request.body
    .toString('latin1')
    .split(`--${found?.[1] ?? ''}`)
    .slice(1, 3);
  const [json, mail] = parts.map((part) => part.replace(/^[\s\S]*?\r?\n\r?\n/, '').replace(/\r?\n$/, ''));
  const body = parseJsonObject(Buffer.from(json ?? '', 'latin1'));
  if (!body || mail === undefined) throw refuseInvalid('gmail', 'Bad Request');
  return { raw: Buffer.from(mail, 'latin1'), threadId: messageIn(body, nested)['threadId'], body };
}
