import { DeskError, ProviderError } from '../../errors.ts';

/**
 * Runs a read that only informs the policy. Null when the provider or the policy does not let us see it:
 * the policy treats what is not known as the risky case, so nothing is won by failing.
 * @param hidden provider statuses that mean "not yours to see"
 */
export async function readIfAllowed<T>(hidden: readonly number[], read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ProviderError && error.status !== null && hidden.includes(error.status)) return null;
    if (error instanceof DeskError && (error.code === 'denied_by_policy' || error.code === 'lease_refused'))
      return null;
    throw error;
  }
}
