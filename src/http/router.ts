import type { HttpDoorOptions } from './options.ts';
import type { Reply } from './reply.ts';

/** Who asks, as far as the connection shows it. */
export interface Caller {
  /** A process of this machine that came directly and knows us by a loopback name. */
  readonly isHere: boolean;
  /** The Authorization header, or empty. */
  readonly authorization: string;
}

/** What a route may know of a request: no header that names a host is among it. */
export interface Visit {
  readonly url: URL;
  /** The last part of a path that ends in `:reference`; else empty. */
  readonly reference: string;
  /** The Cookie header. */
  readonly cookies: string;
  readonly caller: Caller;
  /** What a POST sent, when it said that it is JSON or comes from a machine; else null. */
  readonly json: string | null;
}

export interface Route {
  readonly methods: readonly string[];
  readonly path: string;
  /** Of a route for machines: bytes that a body may have. Whatever type it says it is, it is handed over. */
  readonly maxBytes?: number;
  readonly answer: (door: HttpDoorOptions, visit: Visit) => Promise<Reply> | Reply;
}

const PARAMETER = ':reference';

/** The route; or no such path; or one that takes other methods only. */
export type Match =
  { readonly route: Route; readonly reference: string } | { readonly allow: readonly string[] } | 'unknown';

/** A path belongs to the first route that matches it; others of the very same path may take other methods. */
export function matchRoute(routes: readonly Route[], method: string, pathname: string): Match {
  const first = routes.find(({ path }) => matchPath(path, pathname) !== null);
  if (first === undefined) return 'unknown';
  const same = routes.filter(({ path }) => path === first.path);
  const route = same.find(({ methods }) => methods.includes(method));
  if (route === undefined) return { allow: same.flatMap(({ methods }) => methods) };
  return { route, reference: matchPath(route.path, pathname) ?? '' };
}

function matchPath(path: string, pathname: string): string | null {
  if (!path.endsWith(PARAMETER)) return path === pathname ? '' : null;
  const base = path.slice(0, -PARAMETER.length);
  const rest = pathname.slice(base.length);
  return pathname.startsWith(base) && /^[\w.%-]+$/.test(rest) ? rest : null;
}
