import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog as actions } from '../../src/actions/catalog.ts';
import { createKeyring } from '../../src/db/seal.ts';
import { createPolicyStore } from '../../src/policy/head.ts';
import type { PolicyCall } from '../../src/policy/types.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { storeCall } from '../support/stored-calls.ts';

const catalog = actions.map(({ id, service, risk }) => ({ id, service, risk }));
const PHONE = {
  v: 1,
  rules: [
    {
      id: 'phone',
      outcome: 'approve_strong',
      agents: [],
      who: { roles: [], groups: [] },
      actions: ['gmail.messages.send'],
      conditions: [],
      note: '',
    },
  ],
  agents: [],
  grantable: [],
};

const MAIL: PolicyCall = {
  agent: 'default',
  member: { workspaceId: 'T1', id: 'U1', role: 'member', groups: [] },
  action: 'gmail.messages.send',
  account: { connection: 'google-oauth2', label: 'ada@acme.com', domain: 'acme.com' },
  facts: { recipients: ['ben@acme.com'], guests: [] },
  context: {
    ownDomains: ['acme.com'],
    firstTimeRecipients: false,
    hour: 10,
    weekday: 'mon',
    surface: 'dm',
  },
};

let database: TestDatabase;
let dir: string;

beforeAll(async () => {
  database = await createTestDatabase();
  dir = mkdtempSync(join(tmpdir(), 'policy-'));
  const policy = await createPolicyStore(database.desk, catalog, createKeyring([Buffer.alloc(32, 7)])).load(
    'T1',
    'U1',
  );
  await storeCall(database, policy, MAIL);
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await database.drop();
});

/** Runs the program as a user does. */
function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: database.ownerUrl,
      AGENTDESK_DATA_DIR: join(dir, 'data'),
      LOG_LEVEL: 'error',
    };
    execFile(process.execPath, ['src/main.ts', 'policy', ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

function write(name: string, document: unknown): string {
  const file = join(dir, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
}

describe('agentdesk policy', () => {
  it('lints, replays, applies and exports a policy as code', async () => {
    const file = write('phone.json', PHONE);
    const linted = await run('lint', file);
    expect(linted).toMatchObject({ code: 0, err: '' });
    expect(linted.out).toMatch(/phone\.json is usable, with 1 rules\.\n$/);

    const replayed = await run('replay', file, '--workspace', 'T1');
    expect(replayed.out).toMatch(
      /gmail\.messages\.send of U1: approve → approve_strong\. Ask on a second device before sending mail\.\nWould change 1 of 1: 1 now ask on a second device\.\n$/,
    );

    expect((await run('apply', file, '--workspace', 'T1')).out).toBe(
      'New rule: Ask on a second device before sending mail.\nVersion 1 only tightens: it is in force now.\n',
    );
    const loosened = await run(
      'apply',
      write('empty.json', { ...PHONE, rules: [] }),
      '--workspace',
      'T1',
      '--json',
    );
    expect(JSON.parse(loosened.out)).toMatchObject({
      number: 2,
      status: 'pending',
      classification: 'loosening',
    });

    const out = join(dir, 'out');
    expect((await run('export', '--out', out)).out).toBe(`Version 1 of T1: 1 rules written to ${out}.\n`);
    expect(JSON.parse(readFileSync(join(out, 'policy.json'), 'utf8'))).toEqual(PHONE);
    expect(readFileSync(join(out, 'policy.cedar'), 'utf8')).toContain('@id("phone")');
    expect(readFileSync(join(out, 'policy.cedarschema'), 'utf8')).toContain('action "gmail.messages.send"');
    const unchanged = await run('apply', join(out, 'policy.json'), '--workspace', 'T1');
    expect(unchanged).toMatchObject({ code: 1, err: expect.stringContaining('nothing to save') as string });
  });

  it('replays the live policy without a difference, and fails when there is one', async () => {
    expect(await run('replay')).toEqual({
      code: 0,
      out: '1 decisions made again, 0 differences.\n',
      err: '',
    });
    await database.owner`update agentdesk.calls set outcome = 'allow'`;
    const { code, out } = await run('replay', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      total: 1,
      different: 1,
      list: [{ from: 'allow', to: 'approve' }],
    });
  });

  it('says what is wrong with a file or a command line', async () => {
    const bad = write('bad.json', { ...PHONE, rules: [{ ...PHONE.rules[0], actions: ['gmail.nothing'] }] });
    expect(await run('lint', bad)).toMatchObject({
      code: 1,
      out: 'This policy is not usable: the rule phone names gmail.nothing, which is no action here. Correct it and save it again.\n',
    });
    expect((await run('lint', join(dir, 'none.json'))).out).toContain('there is no file');
    expect(await run('apply')).toMatchObject({
      code: 2,
      err: expect.stringContaining('policy apply needs a FILE') as string,
    });
    expect((await run('turn')).code).toBe(2);
  });
});
