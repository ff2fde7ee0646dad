import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isSignedBy, readSignatures, signNote, type LogKey } from '../log/note.ts';
import type { LogSigner } from '../log/keys.ts';

export const FORMAT = 'agentdesk/audit-export/1';

/** Which events an export has; leaves it always has all. Times as in a record, `to` not included. */
export interface ExportFilter {
  readonly from: string | null;
  readonly to: string | null;
  /** The member's pseudonym. */
  readonly member: string | null;
}

const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  origin: z.string().regex(/^agentdesk\/log\/[0-9a-f-]{36}$/),
  workspace: z.string(),
  size: z.int().min(1),
  events: z.int().min(0),
  filter: z.object({ from: time.nullable(), to: time.nullable(), member: z.uuid().nullable() }),
  exported_at: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.int(), lines: z.int(), sha256: z.string() })),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** What manifest.sig signs. It is no checkpoint: the second line of one is a number. */
function describeManifest(text: string, origin: string): string {
  return `${FORMAT}\n${origin}\nsha256:${createHash('sha256').update(text).digest('hex')}\n`;
}

export function signManifest(text: string, origin: string, signer: LogSigner): string {
  return signNote(describeManifest(text, origin), { name: origin, raw: signer.raw }, signer.privateKey);
}

/** Whether `note` is the key's signature over that manifest. */
export function isManifestSigned(text: string, origin: string, note: string, key: LogKey): boolean {
  const signed = describeManifest(text, origin);
  return note.startsWith(`${signed}\n`) && isSignedBy(signed, readSignatures(note), key);
}
