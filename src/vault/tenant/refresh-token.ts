import type { Transaction } from '../../db/client.ts';
import { and, eq, isNull } from '../../db/drizzle.ts';
import { links } from '../../db/schema/workspaces.ts';
import type { Keyring } from '../../db/seal.ts';
import { DeskError } from '../../errors.ts';
import type { VaultMember } from '../deps.ts';

/** Where a refresh token stands: moved to another member or subject, it does not open. */
const placeOf = (issuer: string, { workspaceId, memberId, subject }: VaultMember): string[] => [
  workspaceId,
  memberId,
  issuer,
  subject,
];

/** What is stored of a subject's refresh token. */
export function sealRefreshToken(
  keyring: Keyring,
  issuer: string,
  member: VaultMember,
  token: string,
): string {
  return keyring.seal('subject-token', placeOf(issuer, member), token);
}

export function openRefreshToken(
  keyring: Keyring,
  issuer: string,
  member: VaultMember,
  sealed: string,
): string {
  return keyring.open('subject-token', placeOf(issuer, member), sealed);
}

/**
 * The refresh token of a member who is linked to that very subject, now.
 * @param domain the tenant as people know it
 * @throws DeskError `link_missing`
 */
export async function readRefreshToken(
  tx: Pick<Transaction, 'select'>,
  keyring: Keyring,
  { issuer, domain }: { readonly issuer: string; readonly domain: string },
  member: VaultMember,
): Promise<string> {
  const [row] = await tx
    .select({ sealed: links.refreshSealed })
    .from(links)
    .where(
      and(
        eq(links.workspaceId, member.workspaceId),
        eq(links.memberId, member.memberId),
        eq(links.issuer, issuer),
        eq(links.subject, member.subject),
        isNull(links.unlinkedAt),
      ),
    );
  const sealed = row?.sealed ?? null;
  if (sealed === null) throw new DeskError('link_missing', { service: domain });
  return openRefreshToken(keyring, issuer, member, sealed);
}
