import type { PartAnswer } from './message.ts';

/**
 * The text of a message: its `text/plain` parts, or else the words of its `text/html` parts. Attachments are
 * left out. Gmail hands every text part out as UTF-8, base64url (gmail/v1 MessagePartBody).
 */
export function readText(payload: PartAnswer | undefined): string {
  const parts = listParts(payload).filter((part) => !part.filename);
  const plain = parts.filter((part) => part.mimeType === 'text/plain').map(decode);
  if (plain.length > 0) return plain.join('\n').replace(/\r\n?/g, '\n').trim();
  const html = parts.filter((part) => part.mimeType === 'text/html').map(decode);
  return stripHtml(html.join('\n'));
}

function listParts(part: PartAnswer | undefined): PartAnswer[] {
  return part === undefined ? [] : [part, ...(part.parts ?? []).flatMap(listParts)];
}

function decode(part: PartAnswer): string {
  return Buffer.from(part.body?.data ?? '', 'base64url').toString('utf8');
}

/** Words only, for a model to read: the result is never put into a page. */
function stripHtml(html: string): string {
  const text = html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<(br|\/p|\/div|\/tr|\/li|\/h[1-6])\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, ' ');
  return decodeEntities(text)
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** The character references that occur in mail and in Gmail's snippets; unknown ones stay as they are. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? whole;
    const point = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
