import type { Facts } from './action.ts';

/**
 * Facts of a call that sends nothing to any address. Said outright, because the policy takes what is not said
 * for the risky case.
 */
export const NO_ADDRESSES: Facts = { recipients: [], guests: [] };
