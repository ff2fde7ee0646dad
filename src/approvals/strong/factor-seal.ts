import type { factors } from '../../db/schema/factors.ts';
import type { StrongDeps } from '../deps.ts';

type Sealed = Pick<
  typeof factors.$inferSelect,
  'id' | 'workspaceId' | 'memberId' | 'credentialId' | 'publicKey' | 'countsFrom'
>;

/** Ties a key to its owner and to the time from which it counts. */
export function sealFactor(deps: Pick<StrongDeps, 'keyring'>, factor: Sealed): string {
  return deps.keyring.seal('passkey', placeOf(factor), factor.publicKey.toString('base64url'));
}

/** Whether the row is one that we wrote; one that is not is logged and counts as absent. */
export function hasOwnSeal(
  deps: Pick<StrongDeps, 'keyring' | 'log'>,
  factor: Sealed & { readonly seal: string },
): boolean {
  let problem: unknown = 'its key is another';
  try {
    const key = deps.keyring.open('passkey', placeOf(factor), factor.seal);
    if (key === factor.publicKey.toString('base64url')) return true;
  } catch (error) {
    problem = error;
  }
  deps.log.error({ passkey: factor.id, err: problem }, 'a passkey row was not written by us; it is ignored');
  return false;
}

function placeOf(factor: Sealed): string[] {
  const { id, workspaceId, memberId, credentialId, countsFrom } = factor;
  return [id, workspaceId, memberId, credentialId, countsFrom.toISOString()];
}
