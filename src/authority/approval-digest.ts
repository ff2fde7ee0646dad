import { z } from 'zod';
import { APPROVAL_TYPES, DIGEST } from './names.ts';

const Details = z
  .array(z.looseObject({ type: z.string() }))
  .transform((entries) => entries.filter((entry) => entry.type.startsWith('agentdesk_')))
  .pipe(
    z.tuple([z.looseObject({ type: z.enum(APPROVAL_TYPES), approval_digest: z.string().regex(DIGEST) })]),
  );

/**
 * The digest that a backchannel request asks approval for.
 * @param params the request's parameters; `authorization_details` is JSON text (RFC 9396)
 * @returns null unless there is exactly one `agentdesk_…` entry with a digest in it, and all can be stored
 */
export function readApprovalDigest(params: unknown): string | null {
  const text = z.looseObject({ authorization_details: z.string() }).safeParse(params);
  if (!text.success) return null;
  const value = parseJson(text.data.authorization_details);
  const details = Details.safeParse(value);
  return details.success && isStorable(value) ? details.data[0].approval_digest : null;
}

/** PostgreSQL's jsonb refuses NUL and halves of surrogate pairs, which JSON allows. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, member]) => isStorable(key) && isStorable(member));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
