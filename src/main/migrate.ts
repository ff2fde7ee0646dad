import type { Invocation } from './invocation.ts';
import { openDatabase } from './database.ts';
import { openKeyring, prepareDataDir } from './keys.ts';

/** Brings the database up to date and exits. */
export async function runMigrate({ config, secrets, log }: Invocation): Promise<number> {
  prepareDataDir(config.dataDir);
  const database = await openDatabase(
    config,
    secrets,
    openKeyring(secrets.encryptionKeys, config.dataDir, log),
    log,
  );
  await database.stop();
  process.stdout.write('The database is up to date.\n');
  return 0;
}
