import { z } from 'zod';
import type { ConnectRequest, SignedIn, VaultDeps } from '../../deps.ts';

/** What is kept, sealed, of a link under way: what ties the sign-in to us, then who signed in. */
const Session = z.object({
  verifier: z.string().optional(),
  nonce: z.string().optional(),
  signedIn: z
    .object({
      subject: z.string(),
      name: z.string(),
      email: z.string().nullable(),
      emailVerified: z.boolean(),
      refreshToken: z.string(),
    })
    .optional(),
  /** A refresh token that the tenant has to forget. */
  discarded: z.string().optional(),
});

type LinkSession = z.infer<typeof Session>;

export function sealSession(
  { keyring }: Pick<VaultDeps, 'keyring'>,
  requestId: string,
  session: LinkSession,
): string {
  return keyring.seal('connect-session', [requestId, 'link'], JSON.stringify(session));
}

/** @returns nothing at all when there is none */
export function openSession(
  { keyring }: Pick<VaultDeps, 'keyring'>,
  { id, sessionSealed }: Pick<ConnectRequest, 'id' | 'sessionSealed'>,
): LinkSession {
  if (sessionSealed === null) return {};
  return Session.parse(JSON.parse(keyring.open('connect-session', [id, 'link'], sessionSealed)));
}

/** Who signed in, of a link that got so far. */
export function readSignedIn(deps: Pick<VaultDeps, 'keyring'>, request: ConnectRequest): SignedIn | null {
  return openSession(deps, request).signedIn ?? null;
}
