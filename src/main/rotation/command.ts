import { randomBytes } from 'node:crypto';
import { createDatabase, type Database } from '../../db/client.ts';
import { createKeyring, nameKey } from '../../db/seal.ts';
import { UsageError } from '../audit/options.ts';
import { openGround, type Ground } from '../ground.ts';
import type { Invocation } from '../invocation.ts';
import { keyFileOf, readKeyFile, writeKeyFile } from '../keys.ts';
import { countByKey, resealAll } from './reseal.ts';
import { countOpenCalls, resealHeads } from './reseal-heads.ts';

const USAGE = `Usage:
  agentdesk keys status   which keys the sealed values need
  agentdesk keys rotate   seals every value anew with the first key; a key file gets a new first key
  agentdesk keys retire   takes the older keys out of the key file, once nothing needs them
`;

/** `agentdesk keys …`: as the owner of the database, since it goes through both schemas. */
export async function runKeys(invocation: Invocation): Promise<number> {
  const [name, ...rest] = invocation.args;
  const task = { status, rotate, retire }[name ?? ''];
  if (task === undefined || rest.length > 0) throw new UsageError(USAGE);
  const ground = await openGround(invocation.config, invocation.secrets, invocation.log);
  const database = createDatabase({ url: ground.database.ownerUrl, role: null }, 1);
  try {
    return await task(invocation, ground, database);
  } finally {
    await database.close();
    await ground.database.stop();
  }
}

type Task = (invocation: Invocation, ground: Ground, database: Database) => Promise<number>;

const status: Task = async (invocation, _, database) => {
  const keys = keysOf(invocation);
  const counts = await countByKey(database.sql);
  keys.forEach((key, place) => {
    const id = nameKey(key);
    say(`${id}  ${counts.get(id) ?? 0} values${place === 0 ? ', seals new ones' : ''}`);
    counts.delete(id);
  });
  for (const [id, count] of counts) say(`${id}  ${count} values, and we do not have this key`);
  const open = await countOpenCalls(database);
  if (open > 0 && keys.length > 1)
    say(`${open} calls wait to run; they may need an older key until they ran.`);
  return counts.size === 0 ? 0 : 1;
};

const rotate: Task = async (invocation, _, database) => {
  const isFile = invocation.secrets.encryptionKeys.length === 0;
  if (isFile && (await isRunning(database))) {
    return fail(
      'Another AgentDesk runs on this database and would not know the new key. Stop it, then run this again.',
    );
  }
  const file = keyFileOf(invocation.config.dataDir);
  const old = keysOf(invocation);
  const counts = await countByKey(database.sql);
  // A rotation that was broken off goes on with the key it had made.
  const isUnfinished = old.slice(1).some((key) => (counts.get(nameKey(key)) ?? 0) > 0);
  const keys = isFile && !isUnfinished ? [randomBytes(32), ...old] : old;
  if (isFile && !isUnfinished) {
    writeKeyFile(file, keys);
    say(`${file} has a new first key; back it up with the database before anything else is sealed with it.`);
  }
  if (keys.length === 1 && [...counts.keys()].every((id) => id === nameKey(keys[0] ?? Buffer.alloc(0)))) {
    return fail('There is one key only. Put a new one before it: AGENTDESK_ENCRYPTION_KEY=NEW,OLD');
  }
  const keyring = createKeyring(keys);
  const { done, lost } = await resealAll(database.sql, keyring, (count) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${count} values sealed anew`);
  });
  const odd = await resealHeads(database, keyring);
  say(`${done} values are sealed with ${keyring.currentId} now.`);
  if (lost > 0) return fail(`${lost} values are sealed with a key we do not have. They stay as they are.`);
  if (odd > 0) return fail(`The seal of ${odd} policies in force does not fit: see docs/incident.md.`);
  say(
    isFile
      ? 'Start AgentDesk. When `agentdesk keys status` says that nothing waits: agentdesk keys retire'
      : 'When `agentdesk keys status` says that nothing waits, take the older keys out of AGENTDESK_ENCRYPTION_KEY and restart.',
  );
  return 0;
};

const retire: Task = async (invocation, _, database) => {
  if (invocation.secrets.encryptionKeys.length > 0)
    return fail(
      'The keys are in AGENTDESK_ENCRYPTION_KEY: take the older ones out of it there, and restart.',
    );
  const keys = keysOf(invocation);
  const [first] = keys;
  if (first === undefined || keys.length === 1) return fail('There is no older key.');
  const counts = await countByKey(database.sql);
  const needed = keys.slice(1).filter((key) => (counts.get(nameKey(key)) ?? 0) > 0);
  const open = await countOpenCalls(database);
  if (needed.length > 0) return fail('Values need an older key still. First: agentdesk keys rotate');
  if (open > 0) return fail(`${open} calls wait to run and may need an older key. Try again when they ran.`);
  writeKeyFile(keyFileOf(invocation.config.dataDir), [first]);
  say(`${keys.length - 1} older keys are gone. A backup of the database from before needs a backup of them.`);
  return 0;
};

function keysOf({ config, secrets }: Invocation): readonly Buffer[] {
  return secrets.encryptionKeys.length > 0 ? secrets.encryptionKeys : readKeyFile(keyFileOf(config.dataDir));
}

/** Whether another process of ours is connected; each names itself (`src/db/pool.ts`, `src/db/jobs.ts`). */
async function isRunning({ sql }: Database): Promise<boolean> {
  const [row] = await sql<{ others: number }[]>`
    select count(*)::int as others from pg_stat_activity where datname = current_database()
      and pid <> pg_backend_pid() and application_name in ('agentdesk', 'agentdesk-jobs')`;
  return (row?.others ?? 0) > 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(text: string): number {
  process.stderr.write(`${text}\n`);
  return 1;
}
