import { z } from 'zod';
import type { AuditRow } from '../../audit/query.ts';

const text = z.string().catch('');
const number = z.number().nullable().catch(null);
const texts = z.array(z.string()).catch([]);

const detail = z
  .object({
    title: text,
    line: text,
    targets: z.array(z.object({ kind: text, value: text })).catch([]),
    more_targets: z.number().catch(0),
    content: z.array(z.object({ label: text, sha256: text, length: z.number(), preview: text })).catch([]),
    args_sha256: text,
    args_bytes: number,
    rules: z.array(z.object({ id: text, reason: text, layer: text })).catch([]),
    policy_version: text,
    tier: text,
    from: text,
    seconds: number,
    ms: number,
    faster_than_reading: z.boolean().catch(false),
    verifier: text,
    issuer: text,
    expires_at: text,
    kind: text,
    lease: text,
    scopes: texts,
    scopes_asked: texts,
    scopes_returned: texts,
    error: text,
    method: text,
    host: text,
    path: text,
    status: number,
    sent_sha256: text,
    sent_bytes: number,
    link: text,
    resolved_by: text,
    reconciled: z.boolean().catch(false),
    diff: texts,
    label: text,
    surface: text,
    text: z.object({ sha256: text, length: z.number(), preview: text }).nullable().catch(null),
  })
  .partial();

export type AuditDetail = z.infer<typeof detail>;

/** What we know how to say of an event's detail; what is missing or of another kind is left out, never an error. */
export function readDetail(row: Pick<AuditRow, 'detail'>): AuditDetail {
  const read = detail.safeParse(row.detail);
  return read.success ? read.data : {};
}

/** Enough of a digest to compare by eye; a file of the audit has it whole. */
export function shortDigest(sha256: string): string {
  return sha256.length > 20 ? `${sha256.slice(0, 16)}…` : sha256;
}
