import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Config, Secrets } from '../config-types.ts';
import type { DatabaseAccess } from '../db/pool.ts';
import { startEmbeddedPostgres } from '../db/embedded/start.ts';
import { migrateDatabase, setRolePasswords } from '../db/migrate.ts';
import type { Keyring } from '../db/seal.ts';
import { DeskError } from '../errors.ts';
import type { Log } from '../telemetry.ts';

export interface OpenedDatabase {
  readonly ownerUrl: string;
  readonly desk: DatabaseAccess;
  readonly authority: DatabaseAccess;
  stop(): Promise<void>;
}

const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url));

/**
 * Opens the database, embedded or given, and brings it up to date.
 * @param onWaiting told when there is only the database to wait for
 * @throws DeskError `database_unreachable`, `config_invalid`
 */
export async function openDatabase(
  config: Config,
  secrets: Secrets,
  keyring: Keyring,
  log: Log,
  onWaiting: () => void = () => undefined,
): Promise<OpenedDatabase> {
  if (secrets.databaseUrl === null) return openEmbedded(config, keyring, log, onWaiting);
  const ownerUrl = secrets.databaseOwnerUrl ?? secrets.databaseUrl;
  onWaiting();
  await migrate(ownerUrl);
  const { databaseUrl: url } = secrets;
  return {
    ownerUrl,
    desk: { url, role: 'agentdesk_app' },
    authority: { url, role: 'agentdesk_authority' },
    stop: () => Promise.resolve(),
  };
}

/** The embedded server is ours, so the two rooms get logins of their own instead of acting as a role of the owner. */
async function openEmbedded(
  config: Config,
  keyring: Keyring,
  log: Log,
  onStarting: () => void,
): Promise<OpenedDatabase> {
  const server = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    onStarting,
    log: (message) => {
      log.info(message);
    },
  });
  try {
    await migrate(server.url);
    const passwordOf = (role: string): string =>
      createHmac('sha256', keyring.derive('database-login')).update(role).digest('hex');
    const login = (role: 'agentdesk_app' | 'agentdesk_authority'): DatabaseAccess => {
      const url = new URL(server.url);
      url.username = role;
      url.password = passwordOf(role);
      return { url: url.href, role: null };
    };
    await setRolePasswords(server.url, {
      agentdesk_app: passwordOf('agentdesk_app'),
      agentdesk_authority: passwordOf('agentdesk_authority'),
    });
    return {
      ownerUrl: server.url,
      desk: login('agentdesk_app'),
      authority: login('agentdesk_authority'),
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function migrate(ownerUrl: string): Promise<void> {
  try {
    await migrateDatabase(ownerUrl, MIGRATIONS, async (url) => {
      // Loaded only when there is something to do: LangGraph costs half a second.
      await (await import('../agent/checkpoints.ts')).setupCheckpoints(url);
    });
  } catch (cause) {
    const code: unknown = (cause as { code?: unknown }).code;
    if (
      typeof code === 'string' &&
      /^(ECONN|ENOTFOUND|EHOST|ETIMEDOUT|CONNECT_TIMEOUT|28|3D000|57P03)/.test(code)
    ) {
      throw new DeskError('database_unreachable', { problem: code }, { cause });
    }
    throw cause;
  }
}
