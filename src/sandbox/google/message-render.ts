import type { Incoming } from '../http/exchange.ts';
import { refuse, refuseInvalid } from './errors.ts';
import { parseMessage, textOf, type Part } from './mime.ts';
import type { StoredMessage } from './mail-state.ts';

const FORMATS = ['full', 'metadata', 'minimal', 'raw'];

/**
 * A message in the format the request asks for.
 * @throws Refusal 400 for an unknown format, 403 when only the metadata scope was granted and more is asked
 */
export function renderMessage(
  request: Incoming,
  person: { readonly scopes: readonly string[] },
  message: StoredMessage,
): unknown {
  const format = (request.query.get('format') ?? 'full').toLowerCase();
  if (!FORMATS.includes(format))
    throw refuseInvalid('gmail', `Invalid value '${format.slice(0, 20)}'.`, 'format');
  if ((format === 'full' || format === 'raw') && !person.scopes.some(showsBodies)) {
    const inner = `Metadata scope doesn't allow format ${format.toUpperCase()}`;
    throw refuse('gmail', { status: 403, reason: 'forbidden', inner });
  }
  const raw = Buffer.from(message.raw, 'base64');
  const part = parseMessage(raw);
  const base = {
    ...renderReference(message),
    snippet: snippetOf(part),
    historyId: String(message.historyId),
    internalDate: String(message.internalDate),
    sizeEstimate: raw.length,
  };
  if (format === 'minimal') return base;
  if (format === 'raw') return { ...base, raw: raw.toString('base64url') };
  if (format === 'full') return { ...base, payload: renderPart(part, '') };
  const wanted = request.query.getAll('metadataHeaders').map((name) => name.toLowerCase());
  const headers = part.headers.filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name.toLowerCase()),
  );
  return { ...base, payload: { mimeType: part.mimeType, headers } };
}

function showsBodies(scope: string): boolean {
  return /(\/gmail\.(readonly|modify|compose)|mail\.google\.com\/)$/.test(scope);
}

/** What writes answer: ids and labels, nothing of the content. */
export function renderReference(message: StoredMessage): {
  id: string;
  threadId: string;
  labelIds: readonly string[];
} {
  return { id: message.id, threadId: message.threadId, labelIds: message.labelIds };
}

/** Gmail escapes HTML in snippets. */
function snippetOf(part: Part): string {
  const text = textOf(part).replace(/\s+/g, ' ').trim();
  const escapes: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return [...text]
    .slice(0, 200)
    .join('')
    .replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);
}

function renderPart(part: Part, partId: string): unknown {
  const isAttachment = part.filename !== '';
  const body = isAttachment
    ? { attachmentId: `part-${partId}`, size: part.body.length }
    : { size: part.body.length, ...(part.body.length > 0 && { data: part.body.toString('base64url') }) };
  return {
    partId,
    mimeType: part.mimeType,
    filename: part.filename,
    headers: part.headers,
    body,
    ...(part.parts.length > 0 && {
      parts: part.parts.map((child, index) =>
        renderPart(child, partId === '' ? String(index) : `${partId}.${index}`),
      ),
    }),
  };
}
