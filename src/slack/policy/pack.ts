import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DeskError } from '../../errors.ts';

/** Bytes that a packed policy may come to; a layer of the most rules there may be is smaller. */
const MOST = 400_000;
/** Slack keeps 3000 characters with a form. */
const MOST_PACKED = 2_800;

/**
 * A policy as it is kept in a form: text small enough for it.
 * @throws DeskError `policy_invalid` when it is too large even so
 */
export function packDocument(document: unknown): string {
  const packed = deflateRawSync(JSON.stringify(document)).toString('base64url');
  if (packed.length > MOST_PACKED)
    throw new DeskError('policy_invalid', {
      problem: 'it is too large to import in Slack; an operator can save it with agentdesk policy apply',
    });
  return packed;
}

/** @throws DeskError `policy_invalid` when it is nothing that {@link packDocument} made */
export function unpackDocument(packed: string): unknown {
  try {
    const text = inflateRawSync(Buffer.from(packed, 'base64url'), { maxOutputLength: MOST }).toString('utf8');
    return JSON.parse(text);
  } catch (cause) {
    throw new DeskError('policy_invalid', { problem: 'it cannot be read any more' }, { cause });
  }
}
