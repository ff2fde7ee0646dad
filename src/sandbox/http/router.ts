import type { Handler } from './exchange.ts';

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: Handler;
}

interface Match {
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

export interface Router {
  /** `template` is a path whose `{name}` stands for exactly one segment. First added wins. */
  on(method: string, template: string, handler: Handler): void;
  match(method: string, path: string): Match | null;
}

export function createRouter(): Router {
  const routes: Route[] = [];
  return {
    on(method, template, handler) {
      routes.push({ method, segments: template.split('/'), handler });
    },
    match(method, path) {
      const segments = path.split('/');
      for (const route of routes) {
        if (route.method !== method) continue;
        const params = matchSegments(route.segments, segments);
        if (params) return { handler: route.handler, params };
      }
      return null;
    },
  };
}

function matchSegments(
  template: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  if (template.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, wanted] of template.entries()) {
    const given = segments[index] ?? '';
    if (!wanted.startsWith('{')) {
      if (wanted !== given) return null;
      continue;
    }
    const value = decodeSegment(given);
    if (value === null || value === '') return null;
    params[wanted.slice(1, -1)] = value;
  }
  return params;
}

/** Null for a segment that is no percent-encoded UTF-8. */
function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
