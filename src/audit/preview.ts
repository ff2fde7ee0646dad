import { createHash } from 'node:crypto';

/** How the audit keeps a text: its digest, its length, and a short beginning of it. */
export function previewText(text: string): { sha256: string; length: number; preview: string } {
  return {
    sha256: createHash('sha256').update(text).digest('hex'),
    length: text.length,
    preview: text.slice(0, 80).replace(/\s+/g, ' ').replaceAll('\u0000', '').toWellFormed(),
  };
}
