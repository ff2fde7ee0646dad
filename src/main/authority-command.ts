import type { Invocation } from './invocation.ts';
import { startAuthority } from './authority.ts';
import { openDatabase } from './database.ts';
import { loadKeys } from './desk.ts';
import { locateProviders } from './far-side.ts';
import { openKeyring, prepareDataDir } from './keys.ts';
import { untilSignal } from './signals.ts';

/** `agentdesk authority`: the embedded authority as a process of its own, on the same database. */
export async function runAuthority({ config, secrets, log, args }: Invocation): Promise<number> {
  prepareDataDir(config.dataDir);
  const keyring = openKeyring(secrets.encryptionKeys, config.dataDir, log);
  const database = await openDatabase(config, secrets, keyring, log);
  const port = Number(args[args.indexOf('--port') + 1] ?? 0);
  const authority = await startAuthority({
    access: database.authority,
    keyring,
    ...(await loadKeys(database.desk, keyring)),
    providers: locateProviders(config, secrets, null).providers,
    log,
    port: args.includes('--port') && Number.isInteger(port) ? port : 0,
  });
  process.stdout.write(
    `The authority listens at ${authority.url}\nPoint the desk at it: AGENTDESK_AUTHORITY_URL=${authority.url}\n`,
  );
  await untilSignal();
  await authority.stop();
  await database.stop();
  return 0;
}
