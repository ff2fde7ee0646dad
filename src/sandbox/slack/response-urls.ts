import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** What a response_url answers to. */
export interface ResponseTarget {
  readonly channel: string;
  readonly userId: string;
  /** The message acted on; null for a slash command. */
  readonly messageTs: string | null;
  readonly threadTs: string | null;
}

export interface ResponseUrls {
  /** @returns the path of a new address */
  issue(target: ResponseTarget): string;
  /** Uses it once. @throws Refusal `expired_url` or `used_url` */
  use(path: string): ResponseTarget;
}

const USES = 5;
const LIFETIME_MS = 30 * 60_000;

/** Addresses good for five answers within thirty minutes (docs.slack.dev handling-user-interaction). */
export function createResponseUrls(now: () => Date): ResponseUrls {
  const issued = new Map<string, { target: ResponseTarget; at: number; uses: number }>();
  return {
    issue: (target) => {
      const path = `/respond/${randomBytes(18).toString('base64url')}`;
      issued.set(path, { target, at: now().getTime(), uses: 0 });
      return path;
    },
    use: (path) => {
      const found = issued.get(path);
      if (found === undefined || now().getTime() - found.at > LIFETIME_MS) throw new Refusal('expired_url');
      if (++found.uses > USES) throw new Refusal('used_url');
      return found.target;
    },
  };
}
