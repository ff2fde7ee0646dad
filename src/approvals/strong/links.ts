import { readLinkReference, writeLinkReference } from '../../db/link-reference.ts';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import { readRelyingParty } from './relying-party.ts';

type LinkDeps = Pick<StrongDeps, 'keyring' | 'publicUrl'>;

/** What a link leads to: the confirmation of an approval, or a change of passkeys. */
type LinkKind = 'strong' | 'passkey';

/**
 * The link to a passkey page.
 * @returns null where passkeys cannot work
 */
export function writeStrongLink(deps: LinkDeps, kind: LinkKind, id: string): string | null {
  const party = readRelyingParty(deps.publicUrl);
  return party && `${party.origin}/${kind}/${writeLinkReference(deps.keyring, kind, id)}`;
}

/**
 * @param reference `<id>.<mac>` as it stands in the link
 * @returns the id
 * @throws DeskError `strong_expired` when it is not one of ours
 */
export function readStrongReference(deps: LinkDeps, kind: LinkKind, reference: string): string {
  const id = readLinkReference(deps.keyring, kind, reference);
  if (id === null) throw new DeskError('strong_expired');
  return id;
}
