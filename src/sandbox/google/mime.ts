import { decodeText, decodeTransfer } from './mime-text.ts';
import { decodeWords } from './mime-words.ts';

export interface Part {
  /** Unfolded, encoded words decoded, in the order of the message. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Lower case, without parameters. */
  readonly mimeType: string;
  readonly charset: string;
  readonly filename: string;
  /** Decoded; empty for a multipart. */
  readonly body: Buffer;
  readonly parts: readonly Part[];
}

const MAX_DEPTH = 10;

/** Parses an RFC 5322 message with the MIME structure of RFC 2045/2046. Never throws: what is odd becomes text. */
export function parseMessage(raw: Buffer): Part {
  return parsePart(raw.toString('latin1'), 0);
}

/** One byte per character in, header block and body out. */
export function splitMessage(text: string): { head: string; body: string } {
  const found = /\r?\n\r?\n/.exec(text);
  if (text.startsWith('\n') || text.startsWith('\r\n')) return { head: '', body: text.replace(/^\r?\n/, '') };
  if (!found) return { head: text, body: '' };
  return { head: text.slice(0, found.index), body: text.slice(found.index + found[0].length) };
}

/** Header lines, unfolded (RFC 5322 §2.2.3), still encoded. */
function splitHead(head: string): { name: string; value: string }[] {
  return head
    .replace(/\r?\n(?=[ \t])/g, '')
    .split(/\r?\n/)
    .map((line) => /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, name = '', value = '']) => ({ name, value: value.trim() }));
}

function parsePart(text: string, depth: number): Part {
  const { head, body } = splitMessage(text);
  const headers = splitHead(head).map(({ name, value }) => {
    const utf8 = Buffer.from(value, 'latin1').toString('utf8');
    return { name, value: decodeWords(utf8) };
  });
  const type = headerOf(headers, 'Content-Type') || 'text/plain';
  const mimeType = type.split(';')[0]?.trim().toLowerCase() || 'text/plain';
  const boundary = parameterOf(type, 'boundary');
  const isMultipart = mimeType.startsWith('multipart/') && boundary !== '' && depth < MAX_DEPTH;
  const disposition = headerOf(headers, 'Content-Disposition');
  return {
    headers,
    mimeType,
    charset: parameterOf(type, 'charset') || 'utf-8',
    filename: parameterOf(disposition, 'filename') || parameterOf(type, 'name'),
    body: isMultipart
      ? Buffer.alloc(0)
      : decodeTransfer(body, headerOf(headers, 'Content-Transfer-Encoding')),
    parts: isMultipart ? splitMultipart(body, boundary).map((part) => parsePart(part, depth + 1)) : [],
  };
}

function splitMultipart(body: string, boundary: string): string[] {
  const lines = body.split(/\r?\n/);
  const parts: string[][] = [];
  for (const line of lines) {
    if (line.trimEnd() === `--${boundary}--`) break;
    if (line.trimEnd() === `--${boundary}`) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts.map((part) => part.join('\r\n'));
}

function parameterOf(header: string, name: string): string {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(header);
  return (found?.[1] ?? found?.[2] ?? '').replace(/\\(.)/g, '$1');
}

export function headerOf(headers: Part['headers'], name: string): string {
  return headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value ?? '';
}

/** The message as plain text: the first text/plain, else HTML with its tags taken out. */
export function textOf(part: Part): string {
  const leaves = listLeaves(part);
  const plain = leaves.find(({ mimeType, filename }) => mimeType === 'text/plain' && filename === '');
  if (plain) return decodeText(plain.body, plain.charset);
  const html = leaves.find(({ mimeType }) => mimeType === 'text/html');
  if (!html) return '';
  return decodeText(html.body, html.charset)
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, '')
    .replace(/<[^>]*>/g, ' ');
}

function listLeaves(part: Part): Part[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(listLeaves);
}
