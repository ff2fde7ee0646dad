import { replyJson, type Incoming, type Reply } from '../http/exchange.ts';

/**
 * One page of a list by `per_page` (30, at most 100) and `page`, with the Link header of RFC 8288:
 * https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export function replyPageOf<Item>(
  request: Incoming,
  items: readonly Item[],
  render: (item: Item) => unknown,
  wrap: (page: unknown[]) => unknown = (page) => page,
): Reply {
  const size = Math.min(readPositive(request.query.get('per_page'), 30), 100);
  const page = readPositive(request.query.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const links: string[] = [];
  const add = (rel: string, target: number): void => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(target));
    links.push(`<${request.origin}${request.path}?${query.toString()}>; rel="${rel}"`);
  };
  if (page > 1) add('prev', Math.min(page - 1, last));
  if (page < last) add('next', page + 1);
  if (page < last) add('last', last);
  if (page > 1) add('first', 1);
  const shown = items.slice((page - 1) * size, page * size).map(render);
  return replyJson(200, wrap(shown), links.length > 0 ? { link: links.join(', ') } : {});
}

function readPositive(text: string | null, usual: number): number {
  return text !== null && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : usual;
}
