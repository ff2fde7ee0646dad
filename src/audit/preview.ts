import { createHash } from 'node:crypto';

/** What looks like a credential or a number of an account: twenty letters and digits mixed, or twelve digits. */
const SECRETS =
  /(?=[A-Za-z0-9_+/=-]*\d)(?=[A-Za-z0-9_+/=-]*[A-Za-z])[A-Za-z0-9_+/=-]{20,}|\d(?:[ -]?\d){11,}/g;

/** The same for an argument of a call: what looks like a secret is left out of the beginning; the digest tells it. */
export function previewRedacted(text: string): { sha256: string; length: number; preview: string } {
  return previewText(text, (beginning) => beginning.replace(SECRETS, '[left out]'));
}

/** How the audit keeps a text: its digest, its length, and a short beginning of it. */
export function previewText(
  text: string,
  redact: (text: string) => string = (beginning) => beginning,
): { sha256: string; length: number; preview: string } {
  return {
    sha256: createHash('sha256').update(text).digest('hex'),
    length: text.length,
    // Redacted before it is cut, so that a cut in the middle hides nothing from the pattern.
    preview: redact(text.slice(0, 400))
      .slice(0, 80)
      .replace(/\s+/g, ' ')
      .replaceAll('\u0000', '')
      .toWellFormed(),
  };
}
