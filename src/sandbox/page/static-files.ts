import { readFileSync, readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerProblem, SECURITY_HEADERS } from './responses.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads the page's files once, so that a request can only ever name one of them and never a path.
 * @returns answer(res, name): name is relative to the folder, with forward slashes
 */
export function readStaticFiles(): { answer(res: ServerResponse, name: string): void } {
  const folder = fileURLToPath(new URL('static/', import.meta.url));
  const files = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path)] as const),
  );
  return {
    answer(res, name) {
      const content = files.get(name);
      const type = TYPES[extname(name)];
      if (content === undefined || type === undefined) {
        answerProblem(res, 404, 'There is no such file. Open the page at /.');
        return;
      }
      res.writeHead(200, { ...SECURITY_HEADERS, 'content-type': type });
      res.end(content);
    },
  };
}
