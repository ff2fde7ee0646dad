import { createHmac, timingSafeEqual } from 'node:crypto';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import { readRelyingParty } from './relying-party.ts';

type LinkDeps = Pick<StrongDeps, 'keyring' | 'publicUrl'>;

/** What a link leads to: the confirmation of an approval, or a change of passkeys. */
export type LinkKind = 'strong' | 'passkey';

/**
 * The link to a passkey page. Its secret is a MAC of the id, so nothing is kept that could be stolen, and the link can
 * be drawn again for the same card.
 * @returns null where passkeys cannot work
 */
export function writeStrongLink(deps: LinkDeps, kind: LinkKind, id: string): string | null {
  const party = readRelyingParty(deps.publicUrl);
  return party && `${party.origin}/${kind}/${id}.${macOf(deps, kind, id)}`;
}

/**
 * @param reference `<id>.<mac>` as it stands in the link
 * @returns the id
 * @throws DeskError `strong_expired` when the MAC is wrong
 */
export function readStrongReference(deps: LinkDeps, kind: LinkKind, reference: string): string {
  const [id = '', mac = ''] = reference.split('.');
  const expected = Buffer.from(macOf(deps, kind, id));
  const given = Buffer.from(mac);
  if (!/^[0-9a-f-]{36}$/.test(id) || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new DeskError('strong_expired');
  }
  return id;
}

function macOf(deps: LinkDeps, kind: LinkKind, id: string): string {
  return createHmac('sha256', deps.keyring.derive('strong-link'))
    .update(`${kind}/${id}`)
    .digest('base64url')
    .slice(0, 32);
}
