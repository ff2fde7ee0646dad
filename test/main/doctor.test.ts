import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startOutside, type Outside } from '../support/outside.ts';
import { about, examine, findDeadUrl, sendJson, serve } from './doctor-servers.ts';

const BOT = 'xoxb-1-test-bot-token';
const KEY = 'sk-test-0123456789abcdef';

let database: TestDatabase;
let outside: Outside;
/** What leaves nothing to complain of beside Slack and the model. */
let quiet: Record<string, string>;

beforeAll(async () => {
  [database, outside] = await Promise.all([createTestDatabase(), startOutside()]);
  const { GOOGLE_API_URL, GITHUB_API_URL } = outside.variables;
  quiet = { DATABASE_URL: database.ownerUrl, GOOGLE_API_URL, GITHUB_API_URL };
});
afterAll(() => Promise.all([database.drop(), outside.stop()]));

describe('the doctor', () => {
  it('finds nothing wrong with a whole set-up', async () => {
    const findings = await examine({ ...outside.variables, DATABASE_URL: database.ownerUrl });
    // The stand-in grants more than manifest.yml asks for, of which the doctor warns.
    expect(findings.filter(({ status, check }) => status !== 'ok' && check !== 'slack scopes')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual([
      'node',
      'configuration',
      'public url',
      'data directory',
      'encryption key',
      'database',
      'database clock',
      'migrations',
      'database roles',
      'audit log',
      'slack bot token',
      'slack scopes',
      'slack clock',
      'slack app token',
      'slack sign-in',
      'oauth clients',
      'oauth clients',
      'endpoint',
      'endpoint',
      'model',
    ]);
  });

  it('prints lines and exits 0, or with --json an array and nothing else, and exits 1 when something failed', async () => {
    const run = promisify(execFile);
    const env = {
      ...quiet,
      PATH: process.env['PATH'] ?? '',
      AGENTDESK_DATA_DIR: mkdtempSync(join(tmpdir(), 'agentdesk-doctor-')),
    };
    const good = await run(process.execPath, ['src/main.ts', 'doctor'], { env });
    expect(good.stdout).toContain('ok    database roles: ');
    expect(good.stdout).toContain('Nothing failed.');
    const down = run(process.execPath, ['src/main.ts', 'doctor', '--json'], {
      env: { ...env, OPENAI_BASE_URL: `${await findDeadUrl()}/v1`, OPENAI_API_KEY: KEY },
    });
    const failure = (await down.catch((error: unknown) => error)) as { code: number; stdout: string };
    expect(failure.code).toBe(1);
    const findings = JSON.parse(failure.stdout) as object[];
    expect(findings.at(-1)).toEqual({
      check: 'model',
      status: 'fail',
      detail: expect.stringContaining('cannot be reached: nothing listens there (ECONNREFUSED)') as string,
      fix: expect.stringContaining('OPENAI_BASE_URL') as string,
    });
    expect(failure.stdout).not.toContain(KEY);
  });

  it('wants Node 24', async () => {
    const [node] = about(await examine(quiet, { nodeVersion: '22.23.3' }), 'node');
    expect(node).toMatchObject({ status: 'fail', fix: expect.stringContaining('npm run doctor') as string });
  });

  it('names a key file that others can read, and one that is damaged', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'agentdesk-doctor-'));
    const file = join(dir, 'encryption.key');
    writeFileSync(file, Buffer.alloc(32, 7).toString('base64'));
    chmodSync(file, 0o644);
    const look = async () => about(await examine({ ...quiet, AGENTDESK_DATA_DIR: dir }), 'encryption key')[0];
    expect(await look()).toMatchObject({ status: 'fail', fix: `Run: chmod 600 ${file}` });
    chmodSync(file, 0o600);
    expect(await look()).toMatchObject({ status: 'ok' });
    writeFileSync(file, 'short');
    expect(await look()).toMatchObject({ status: 'fail' });
  });

  it('sends the receiver of audit events a signed post, and tells nobody its secret', async () => {
    let status = 204;
    const got: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      got.push(request.headers);
      request.resume().on('end', () => response.writeHead(status, { location: '/elsewhere' }).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
    const secret = Buffer.alloc(32, 3).toString('base64');
    const env = { ...quiet, AGENTDESK_AUDIT_WEBHOOK_URL: url, AGENTDESK_AUDIT_WEBHOOK_SECRET: secret };
    const look = async () => about(await examine(env), 'audit webhook')[0];
    expect(await look()).toMatchObject({ status: 'ok' });
    expect(got[0]?.['webhook-id']).toBe('ping');
    expect(got[0]?.['webhook-signature']).toMatch(/^v1,/);
    status = 302;
    const refused = await look();
    expect(refused).toMatchObject({ status: 'fail', detail: expect.stringContaining('302') as string });
    expect(got).toHaveLength(2);
    server.close();
    const down = await look();
    expect(down).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('nothing listens') as string,
    });
    expect(JSON.stringify([refused, down])).not.toContain(secret);
  });

  it('says when PUBLIC_URL cannot work', async () => {
    const real = {
      SLACK_BOT_TOKEN: BOT,
      SLACK_SIGNING_SECRET: 'a'.repeat(32),
      SLACK_API_URL: 'https://slack.invalid/api/',
    };
    const key = { AGENTDESK_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64') };
    const [unreachable] = about(await examine({ ...quiet, ...real, ...key }), 'public url');
    expect(unreachable).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('cannot send events') as string,
    });
    const [login] = about(
      await examine({ ...quiet, PUBLIC_URL: 'https://me:hunter22@desk.example.com' }),
      'public url',
    );
    expect(login).toMatchObject({ status: 'fail', detail: expect.stringContaining('a login') as string });
  });
});

describe('the doctor on the database', () => {
  it('tells a server that is down, a wrong password and a missing database apart', async () => {
    const look = async (url: string) => about(await examine({ ...quiet, DATABASE_URL: url }), 'database')[0];
    const dead = (await findDeadUrl()).replace('http:', 'postgres:');
    expect(await look(`${dead}/agentdesk`)).toMatchObject({
      detail: expect.stringContaining('nothing listens there') as string,
    });
    const wrong = new URL(database.ownerUrl);
    wrong.password = 'not-the-password';
    const refused = await look(wrong.href);
    expect(refused).toMatchObject({ status: 'fail', fix: 'Correct the password in DATABASE_URL.' });
    expect(JSON.stringify(refused)).not.toContain('not-the-password');
    const missing = new URL(database.ownerUrl);
    missing.pathname = '/no_such_database';
    expect(await look(missing.href)).toMatchObject({ fix: expect.stringContaining('createdb') as string });
  });

  it('sees that our clock is not the database’s', async () => {
    const late = () => new Date(Date.now() - 7_000);
    const [clock] = about(await examine(quiet, { now: late }), 'database clock');
    expect(clock).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('ahead of ours') as string,
    });
    const wild = () => new Date(Date.now() + 90_000);
    const [far] = about(await examine(quiet, { now: wild }), 'database clock');
    expect(far).toMatchObject({ status: 'fail', detail: expect.stringContaining('behind ours') as string });
  });

  it('sees pending migrations, a trigger that is off, rights too many, and a key that does not fit', async () => {
    const own = await createTestDatabase();
    try {
      const env = { ...quiet, DATABASE_URL: own.ownerUrl };
      await own.owner`alter table agentdesk.audit_events disable trigger audit_events_no_truncate`;
      expect(about(await examine(env), 'audit log')[0]).toMatchObject({ status: 'fail' });
      await own.owner`alter table agentdesk.audit_events enable trigger audit_events_no_truncate`;
      await own.owner`grant delete on agentdesk.audit_events to agentdesk_app`;
      expect(about(await examine(env), 'audit log')[0]).toMatchObject({ status: 'fail' });
      await own.owner`revoke delete on agentdesk.audit_events from agentdesk_app`;
      expect(about(await examine(env), 'audit log')[0]).toMatchObject({ status: 'ok' });

      const { loadSigner } = await import('../../src/db/signing-keys.ts');
      const { createKeyring } = await import('../../src/db/seal.ts');
      const key = Buffer.alloc(32, 3);
      await loadSigner(own.desk, createKeyring([key]), 'desk');
      const withKey = (bytes: Buffer) => ({ ...env, AGENTDESK_ENCRYPTION_KEY: bytes.toString('base64') });
      expect(about(await examine(withKey(key)), 'sealed secrets')[0]).toMatchObject({ status: 'ok' });
      expect(about(await examine(withKey(Buffer.alloc(32, 4))), 'sealed secrets')[0]).toMatchObject({
        status: 'fail',
      });

      await own.owner`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`;
      expect(about(await examine(env), 'migrations')[0]).toMatchObject({
        status: 'warn',
        fix: expect.stringContaining('npm run migrate') as string,
      });
      await own.owner`insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 9999999999999)`;
      expect(about(await examine(env), 'migrations')[0]).toMatchObject({
        status: 'fail',
        detail: 'The database is newer than this program',
      });
    } finally {
      await own.drop();
    }
  });
});

describe('the doctor on the model', () => {
  const look = async (status: number, body: unknown) => {
    const model = await serve((_, response) => {
      sendJson(response, body, status);
    });
    const env = {
      ...quiet,
      OPENAI_BASE_URL: `${model.url}/v1`,
      OPENAI_API_KEY: KEY,
      OPENAI_MODEL: 'small-1',
    };
    const [finding] = about(await examine(env), 'model');
    await model.stop();
    expect(model.seen).toEqual([`GET /v1/models Bearer ${KEY}`]);
    expect(JSON.stringify(finding)).not.toContain(KEY);
    return finding;
  };
  const list = (...ids: string[]) => ({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) });

  it('asks for the list of models', async () => {
    expect(await look(200, list('small-1', 'large-1'))).toMatchObject({ status: 'ok' });
    expect(await look(200, list('large-1'))).toMatchObject({
      status: 'warn',
      fix: 'Set OPENAI_MODEL to one of: large-1',
    });
  });

  it('names OPENAI_API_KEY when it is refused, even when the server repeats it', async () => {
    expect(await look(401, { error: { message: `Incorrect API key provided: ${KEY}` } })).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('refuses OPENAI_API_KEY (401)') as string,
    });
  });

  it('does not take a missing list for a fault, but trouble on the other side', async () => {
    expect(await look(404, { error: 'not found' })).toMatchObject({ status: 'warn' });
    expect(await look(200, 'no list')).toMatchObject({ status: 'warn' });
    expect(await look(429, {})).toMatchObject({ status: 'warn' });
    expect(await look(503, {})).toMatchObject({ status: 'fail' });
  });
});
