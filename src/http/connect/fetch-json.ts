import type { z } from 'zod';
import { DeskError } from '../../errors.ts';

const TIMEOUT_MS = 10_000;

/**
 * Asks Slack for JSON; redirects are not followed, for what is sent is a secret.
 * @param form sent by POST when given
 * @throws DeskError `connect_try_again` when Slack does not answer or is in trouble; `connect_failed` when its answer is
 *   not usable
 */
export async function fetchJson<Shape>(
  url: URL,
  shape: z.ZodType<Shape>,
  form?: Readonly<Record<string, string>>,
): Promise<Shape> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, {
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = await response.text();
    if (response.status >= 500 || response.status === 429) throw describe(url, response);
  } catch (cause) {
    throw new DeskError('connect_try_again', { service: 'Slack' }, { cause });
  }
  try {
    if (!response.ok) throw describe(url, response);
    return shape.parse(JSON.parse(body));
  } catch (cause) {
    throw new DeskError(
      'connect_failed',
      { problem: 'Slack’s answer to the sign-in cannot be used' },
      { cause },
    );
  }
}

const describe = (url: URL, response: Response): Error =>
  new Error(`${url.pathname} answered ${response.status}`);
