import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether an Authorization header shows this token, in a time that does not depend on where they differ, nor on how long
 * they are.
 */
export function showsToken(authorization: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`));
}
