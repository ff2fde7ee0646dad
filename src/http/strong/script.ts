import { readFileSync } from 'node:fs';
import type { HttpDoorOptions } from '../options.ts';
import type { Reply } from '../reply.ts';
import { readRelyingParty } from '../../approvals/strong/relying-party.ts';

export const SCRIPT_PATH = '/passkey.js';

/** The script of the passkey pages; the same file for all of them, and nothing of a person in it. */
export function answerScript(): Reply {
  const body = readFileSync(new URL('./static/passkey.js', import.meta.url), 'utf8');
  return { status: 200, type: 'text/javascript; charset=utf-8', body };
}

/** Its full address, as a page names it. */
export function scriptUrl(door: HttpDoorOptions): string {
  const origin = readRelyingParty(door.publicUrl())?.origin ?? door.publicUrl();
  return `${origin}${SCRIPT_PATH}`;
}
