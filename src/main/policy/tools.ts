import type { Database } from '../../db/client.ts';
import type { CatalogEntry } from '../../policy/types.ts';

/** What each task of the command is given. */
export interface PolicyTools {
  readonly database: Database;
  readonly catalog: readonly CatalogEntry[];
  write(text: string): void;
}
