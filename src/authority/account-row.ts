import type { connectedAccounts } from '../db/schema/authority.ts';

export type AccountRow = typeof connectedAccounts.$inferSelect;

/** Which account: never by its id alone, so that one subject's id is worth nothing to another. */
export interface AccountKey {
  readonly subject: string;
  readonly connection: string;
  readonly id: string;
}
