import { refuseInvalid } from './errors.ts';

/**
 * One page of a list by `maxResults` and `pageToken` (an offset nobody should read meaning into).
 * @throws Refusal 400 for a size or token that makes no sense
 */
export function readPage<Item>(
  query: URLSearchParams,
  items: readonly Item[],
  limits: { readonly api: 'calendar' | 'gmail'; readonly usual: number; readonly most: number },
): { items: readonly Item[]; next: string | undefined } {
  const asked = query.get('maxResults');
  if (asked !== null && !/^[1-9]\d{0,6}$/.test(asked)) {
    throw refuseInvalid(limits.api, `Invalid value '${asked.slice(0, 20)}'.`, 'maxResults');
  }
  const size = Math.min(asked === null ? limits.usual : Number(asked), limits.most);
  const token = query.get('pageToken');
  const offset = token === null || token === '' ? 0 : decodeToken(token);
  if (offset === null || offset > items.length)
    throw refuseInvalid(limits.api, 'Invalid page token.', 'pageToken');
  const end = offset + size;
  const next = end < items.length ? Buffer.from(`from:${end}`).toString('base64url') : undefined;
  return { items: items.slice(offset, end), next };
}

function decodeToken(token: string): number | null {
  const found = /^from:(\d{1,7})$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  return found ? Number(found[1]) : null;
}
