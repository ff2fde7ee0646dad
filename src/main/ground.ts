import type { Config, Secrets } from '../config-types.ts';
import type { Keyring } from '../db/seal.ts';
import type { Log } from '../telemetry.ts';
import { openDatabase, type OpenedDatabase } from './database.ts';
import { openKeyring, prepareDataDir } from './keys.ts';

/** What the whole program stands on. */
export interface Ground {
  readonly keyring: Keyring;
  readonly database: OpenedDatabase;
}

/**
 * Opens data directory, keys and database. It loads little, so that the rest can be loaded while the database starts.
 * @param onWaiting told when there is only the database to wait for
 */
export async function openGround(
  config: Config,
  secrets: Secrets,
  log: Log,
  onWaiting?: () => void,
): Promise<Ground> {
  prepareDataDir(config.dataDir);
  const keyring = openKeyring(secrets.encryptionKeys, config.dataDir, log);
  return { keyring, database: await openDatabase(config, secrets, keyring, log, onWaiting) };
}
