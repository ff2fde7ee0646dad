import type { Args } from '../args.ts';
import { Refusal } from '../refusal.ts';
import type { Json } from '../world.ts';

/**
 * Cuts a page out of a list by the arguments `limit` and `cursor`, as all of Slack's lists do.
 * @param fallback the page length when the caller names none
 * @throws Refusal `invalid_limit` or `invalid_cursor`
 */
export function readPage<Item>(
  args: Args,
  list: readonly Item[],
  fallback: number,
): { items: Item[]; more: boolean; response_metadata: Json } {
  const limit = args.whole('limit', fallback);
  if (limit < 1 || limit > 1000) throw new Refusal('invalid_limit');
  const cursor = args.text('cursor') ?? '';
  const start = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Number.isInteger(start) || start < 0 || start > list.length) throw new Refusal('invalid_cursor');
  const end = start + limit;
  const more = end < list.length;
  const next = more ? Buffer.from(String(end)).toString('base64url') : '';
  return { items: list.slice(start, end), more, response_metadata: { next_cursor: next } };
}
