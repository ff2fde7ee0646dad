import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Keyring, SealPurpose } from './seal.ts';

/** What a link of ours leads to: connecting an account or linking, saying yes to a link, confirming an approval, changing passkeys. */
export type LinkKind = 'connect' | 'link-confirm' | 'strong' | 'passkey';

const PURPOSES: Readonly<Record<LinkKind, SealPurpose>> = {
  connect: 'connect-link',
  'link-confirm': 'connect-link',
  strong: 'strong-link',
  passkey: 'strong-link',
};

/**
 * What stands in a link to a row of that id: `<id>.<mac>`. The secret is a MAC of kind and id, so nothing is kept that
 * could be stolen, and the link can be drawn again for the same card.
 */
export function writeLinkReference(keyring: Keyring, kind: LinkKind, id: string): string {
  return `${id}.${macOf(keyring, kind, id)}`;
}

/** @returns the id; null when the reference is not exactly one that {@link writeLinkReference} made for that kind */
export function readLinkReference(keyring: Keyring, kind: LinkKind, reference: string): string | null {
  const [id = '', mac = '', ...more] = reference.split('.');
  if (more.length > 0 || !/^[0-9a-f-]{36}$/.test(id)) return null;
  const expected = Buffer.from(macOf(keyring, kind, id));
  const given = Buffer.from(mac);
  return given.length === expected.length && timingSafeEqual(given, expected) ? id : null;
}

function macOf(keyring: Keyring, kind: LinkKind, id: string): string {
  return createHmac('sha256', keyring.derive(PURPOSES[kind]))
    .update(`${kind}/${id}`)
    .digest('base64url')
    .slice(0, 32);
}
