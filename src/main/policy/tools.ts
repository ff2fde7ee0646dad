import type { Database } from '../../db/client.ts';
import type { Jobs } from '../../db/jobs.ts';
import type { HeadKeyring } from '../../policy/versions/head-seal.ts';
import type { CatalogEntry } from '../../policy/types.ts';

/** What each task of the command is given. */
export interface PolicyTools {
  readonly database: Database;
  readonly catalog: readonly CatalogEntry[];
  readonly keyring: HeadKeyring;
  /** The queues of the running desk, for what people are told; the caller stops them. */
  readonly openJobs: () => Promise<Jobs>;
  write(text: string): void;
}
