import type { factors } from '../../db/schema/factors.ts';
import type { SealPurpose } from '../../db/seal.ts';
import type { StrongDeps } from '../deps.ts';

type Sealed = Pick<
  typeof factors.$inferSelect,
  'id' | 'workspaceId' | 'memberId' | 'kind' | 'credentialId' | 'publicKey' | 'countsFrom'
>;

/** A kind has a key of its own, so that no row is taken for one of another kind. */
const PURPOSES: Readonly<Record<Sealed['kind'], SealPurpose>> = {
  passkey: 'passkey',
  tenant: 'tenant-device',
};

/** Ties a key to its owner and to the time from which it counts. */
export function sealFactor(deps: Pick<StrongDeps, 'keyring'>, factor: Sealed): string {
  return deps.keyring.seal(PURPOSES[factor.kind], placeOf(factor), factor.publicKey.toString('base64url'));
}

/** Whether the row is one that we wrote; one that is not is logged and counts as absent. */
export function hasOwnSeal(
  deps: Pick<StrongDeps, 'keyring' | 'log'>,
  factor: Sealed & { readonly seal: string },
): boolean {
  let problem: unknown = 'its key is another';
  try {
    const key = deps.keyring.open(PURPOSES[factor.kind], placeOf(factor), factor.seal);
    if (key === factor.publicKey.toString('base64url')) return true;
  } catch (error) {
    problem = error;
  }
  deps.log.error({ factor: factor.id, err: problem }, 'a second device was not written by us; it is ignored');
  return false;
}

function placeOf(factor: Sealed): string[] {
  const { id, workspaceId, memberId, credentialId, countsFrom } = factor;
  return [id, workspaceId, memberId, credentialId, countsFrom.toISOString()];
}
