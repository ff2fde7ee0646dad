import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { DeskError } from '../errors.ts';

/**
 * The canonical bytes of a JSON value (RFC 8785).
 * @throws DeskError `internal` when the value is not JSON: `canonicalize` would drop `undefined`, turn a Map
 *   into `{}`, and jsonb refuses U+0000, so such values are refused before it sees them
 */
export function toCanonicalBytes(value: unknown): Buffer {
  assertJson(value, '$');
  const text = canonicalize(value);
  if (text === undefined) throw new DeskError('internal', { reference: 'value has no canonical form' });
  return Buffer.from(text, 'utf8');
}

/** sha256 over the canonical bytes of `value`. */
export function digestOf(value: unknown): Buffer {
  return createHash('sha256').update(toCanonicalBytes(value)).digest();
}

function assertJson(value: unknown, path: string): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value === 'string') {
    // isWellFormed: a lone surrogate has no UTF-8 form, so two different strings would get the same bytes.
    if (value.includes('\u0000') || !value.isWellFormed()) throw notJson(path);
    return;
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      assertJson(item, `${path}[${index}]`);
    });
    return;
  }
  if (
    typeof value === 'object' &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
  ) {
    for (const [key, item] of Object.entries(value)) {
      assertJson(key, path);
      assertJson(item, `${path}.${key}`);
    }
    return;
  }
  throw notJson(path);
}

function notJson(path: string): DeskError {
  return new DeskError('internal', { reference: `not a JSON value at ${path.slice(0, 80)}` });
}
