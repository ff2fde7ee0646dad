import { DeskError } from '../../errors.ts';
import { readLayer } from '../../policy/rules/schema.ts';
import type { Wish } from './change.ts';
import { packDocument } from './pack.ts';

/**
 * A policy that was pasted, as a wish.
 * @param owner as of {@link readLayer}
 * @throws DeskError `policy_invalid`
 */
export function readImport(text: string, owner: string): Wish {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new DeskError('policy_invalid', { problem: 'it cannot be read as JSON' }, { cause });
  }
  return { kind: 'import', packed: packDocument(readLayer(document, owner)) };
}
