import type { z } from 'zod';
import { DeskError } from '../../errors.ts';

const TIMEOUT_MS = 10_000;

/**
 * Asks Slack for JSON; redirects are not followed, for what is sent is a secret.
 * @param form sent by POST when given
 * @throws DeskError `connect_failed` when there is no usable answer
 */
export async function fetchJson<Shape>(
  url: URL,
  shape: z.ZodType<Shape>,
  form?: Readonly<Record<string, string>>,
): Promise<Shape> {
  try {
    const response = await fetch(url, {
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}`);
    return shape.parse(await response.json());
  } catch (cause) {
    throw new DeskError('connect_failed', { problem: 'Slack did not answer the sign-in' }, { cause });
  }
}
