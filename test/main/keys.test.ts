import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createKeyring, nameKey, type Keyring } from '../../src/db/seal.ts';
import { loadSigner } from '../../src/db/signing-keys.ts';
import { keyFileOf, openKeyring, readKeyFile } from '../../src/main/keys.ts';
import { SEALED } from '../../src/main/rotation/columns.ts';
import { runKeys } from '../../src/main/rotation/command.ts';
import { countByKey, resealAll } from '../../src/main/rotation/reseal.ts';
import { createLog } from '../../src/telemetry.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
const [OLD, NEW] = [randomBytes(32), randomBytes(32)];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function store(keyring: Keyring, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const id = `cac_${randomUUID()}`;
    const sealed = keyring.seal('provider-token', ['s', 'github', id, 'refresh_token'], `token of ${id}`);
    await database.owner`insert into authority.connected_accounts
      (id, subject, connection, provider_id, label, scopes, refresh_token_sealed)
      values (${id}, 's', 'github', ${id}, 'x', '{}', ${sealed})`;
  }
}

it('knows every column of sealed values', async () => {
  const rows = await database.owner`select table_schema || '.' || table_name || '.' || column_name as name
    from information_schema.columns where table_schema in ('agentdesk', 'authority') and data_type = 'text'
    and (column_name like '%\\_sealed' or column_name like '%seal')`;
  expect(rows.map((row) => row['name'] as string).sort()).toEqual(
    SEALED.map(({ table, column }) => `${table}.${column}`).sort(),
  );
});

it('seals every value anew, in batches, and goes on where it was broken off', async () => {
  const old = createKeyring([OLD]);
  await store(old, 450);
  await database.owner`insert into agentdesk.links (workspace_id, member_id, issuer, subject, refresh_sealed)
    values ('T1', 'U1', 'https://t/', 'auth0|1', ${old.seal('subject-token', ['T1', 'U1', 'https://t/', 'auth0|1'], 'rt')})`;
  const both = createKeyring([NEW, OLD]);
  await store(both, 3);
  let batches = 0;
  const broken = resealAll(database.owner, both, () => {
    batches += 1;
    // The links and the first batch of accounts are done by then.
    if (batches === 10) throw new Error('killed');
  });
  await expect(broken).rejects.toThrow('killed');
  const half = await countByKey(database.owner);
  expect(half.get(nameKey(OLD))).toBeGreaterThan(0);
  expect(half.get(nameKey(NEW))).toBeGreaterThan(3);
  const { done, lost } = await resealAll(database.owner, both, () => undefined);
  expect([done, lost]).toEqual([half.get(nameKey(OLD)), 0]);
  expect([...(await countByKey(database.owner))]).toEqual([[nameKey(NEW), 454]]);
  const [row] =
    await database.owner`select id, refresh_token_sealed from authority.connected_accounts limit 1`;
  const place = ['s', 'github', row?.['id'] as string, 'refresh_token'];
  expect(createKeyring([NEW]).open('provider-token', place, row?.['refresh_token_sealed'] as string)).toBe(
    `token of ${row?.['id']}`,
  );
});

it('leaves what no key of ours opens', async () => {
  const stranger = createKeyring([randomBytes(32)]);
  await store(stranger, 1);
  expect(await resealAll(database.owner, createKeyring([NEW]), () => undefined)).toEqual({
    done: 0,
    lost: 1,
  });
  await database.owner`delete from authority.connected_accounts`;
  await database.owner`delete from agentdesk.links`;
});

it('gives a key file a new first key, and takes the old one out when nothing needs it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-keys-'));
  const log = createLog('silent');
  const keyring = openKeyring([], dataDir, log);
  const signer = await loadSigner(database.desk, keyring, 'desk');
  const { config, secrets } = readConfig({ DATABASE_URL: database.ownerUrl, AGENTDESK_DATA_DIR: dataDir });
  const run = (...args: string[]) => runKeys({ config, secrets, log, args });
  expect(await run('retire')).toBe(1);
  // The test's own pool counts as a running desk.
  expect(await run('rotate')).toBe(1);
  await database.desk.close();
  expect(await run('rotate')).toBe(0);
  const file = keyFileOf(dataDir);
  expect(readKeyFile(file)).toHaveLength(2);
  const [row] =
    await database.owner`select private_sealed from agentdesk.signing_keys where kid = ${signer.kid}`;
  expect(String(row?.['private_sealed'])).toContain(nameKey(readKeyFile(file)[0]!));
  expect([await run('status'), await run('retire')]).toEqual([0, 0]);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
  openKeyring([], dataDir, log).open(
    'desk-signing-key',
    ['desk', signer.kid],
    String(row?.['private_sealed']),
  );
});
