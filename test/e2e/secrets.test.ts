import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { withDatabase } from '../support/global-setup.ts';
import { connectByCard, findCard, press, startOutside, until, type Outside } from '../support/outside.ts';
import { startAsProcess, type RunningProgram } from '../support/program.ts';

/** Shapes of the credentials the stand-ins give: provider access and refresh tokens, Slack tokens. */
const SHAPES = /ya29\.[\w-]{10}|\b1\/\/[\w-]{10}|gh[opsur]_[A-Za-z0-9]{10}|xox[bep]-[\w-]{8}|xapp-[\w-]{8}/;

describe('where credentials are not', () => {
  let outside: Outside;
  let program: RunningProgram;
  const database = `secrets_${process.pid}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-secrets-'));
  const server = (): postgres.Sql => postgres(inject('ownerUrl'), { max: 1, onnotice: () => undefined });

  beforeAll(async () => {
    const sql = server();
    await sql.unsafe(`create database ${database}`);
    await sql.end();
    outside = await startOutside();
    program = await startAsProcess({
      ...outside.variables,
      AGENTDESK_DATA_DIR: dataDir,
      DATABASE_URL: withDatabase(inject('ownerUrl'), database),
      LOG_LEVEL: 'trace',
    });
    await connectByCard(outside, 'U0BEN', 'D0BEN', "what's on my calendar today?", 'ben@acme.test');
    await connectByCard(outside, 'U0BEN', 'D0BEN', 'list my repos', 'ben-acme');
    const { ts } = outside.slack.say('U0BEN', 'D0BEN', "mail priya@acme.test about 'Secrets' saying 'Hello'");
    const card = await until('a card', () => findCard(outside, 'D0BEN', 'U0BEN', ts, 'Approve'));
    await press(outside, 'U0BEN', 'D0BEN', card, 'Approve');
    await until('the mail', () => outside.google.effects().some((effect) => effect.kind === 'mail.sent'));
    await program.stop();
  }, 120_000);

  afterAll(async () => {
    await outside.stop();
    const sql = server();
    await sql.unsafe(`drop database ${database} with (force)`);
    await sql.end();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('in no log line', () => {
    expect(program.output()).toContain('AgentDesk is up');
    expect(SHAPES.exec(program.output())).toBeNull();
    for (const secret of Object.values(outside.credentials))
      expect(program.output().includes(secret)).toBe(false);
  });

  it('in no table: ledger, audit, jobs, checkpoints, authority', async () => {
    const sql = postgres(withDatabase(inject('ownerUrl'), database), { max: 1 });
    const tables = await sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`;
    const found: string[] = [];
    let rows = 0;
    for (const { name } of tables) {
      for (const { row } of await sql.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`)) {
        rows += 1;
        const text = `${row}\n${decodeBytea(row)}`;
        if (SHAPES.test(text) || Object.values(outside.credentials).some((secret) => text.includes(secret)))
          found.push(name);
      }
    }
    await sql.end();
    expect(rows).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });

  it('keeps the key file to its owner', () => {
    expect(readFileSync(join(dataDir, 'encryption.key'), 'utf8')).toMatch(/^[\w+/=]{44}$/);
  });
});

/** bytea columns print as `\x…`; checkpoints are kept so. */
function decodeBytea(row: string): string {
  return [...row.matchAll(/\\x([0-9a-f]+)/g)]
    .map((match) => Buffer.from(match[1] ?? '', 'hex').toString('latin1'))
    .join('\n');
}
