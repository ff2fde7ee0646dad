import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findTampering } from '../../src/audit/check/tampering.ts';
import { eraseMember } from '../../src/audit/erase.ts';
import { exportLog } from '../../src/audit/export/export.ts';
import { liftHold, placeHold } from '../../src/audit/holds.ts';
import { fingerprint } from '../../src/audit/log/note.ts';
import { sealAll } from '../../src/audit/log/seal.ts';
import { beginMonth, listOldMonths, pruneMonth } from '../../src/audit/months.ts';
import { verifyExport } from '../../src/audit/verify/verify.ts';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { withDatabase } from '../support/global-setup.ts';
import { listEvents } from '../support/list-events.ts';
import { verifyIndependently } from './independent-verifier.ts';
import { createAuditKit, type AuditKit } from './kit.ts';

const dirs: string[] = [];
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});
const COUNT = 40;

describe('a log that is cut into months', () => {
  let kit: AuditKit;
  let owner: Database;
  beforeAll(async () => {
    kit = await createAuditKit();
    owner = createDatabase({ url: kit.ownerUrl, role: null }, 1);
  });
  afterAll(async () => {
    await owner.close();
    await kit.drop();
  });

  const later = new Date(Date.now() + 86_400_000);
  const prune = async (part = 'audit_events_first', cutoff = later) =>
    owner.transaction((tx) => pruneMonth(tx, part, cutoff));
  const verify = async (memberId: string | null = null) => {
    const dir = mkdtempSync(join(tmpdir(), 'agentdesk-months-'));
    dirs.push(dir);
    const filter = { from: null, to: null, memberId };
    const manifest = await exportLog(kit.desk, kit.signer, {
      workspaceId: 'T1',
      dir,
      filter,
      now: () => new Date(),
      onProgress: () => undefined,
    });
    return {
      dir,
      manifest,
      ...(await verifyExport({ dir, key: fingerprint(kit.signer.raw), checkpoint: null })),
    };
  };

  it('begins a month once, though many ask; order and seals go on', async () => {
    await kit.fill(COUNT);
    await sealAll(kit.desk, kit.signer, 'T1');
    await expect(prune()).rejects.toMatchObject({
      cause: { message: expect.stringContaining('still grows') },
    });
    const begun = await Promise.all(Array.from({ length: 4 }, () => beginMonth(kit.desk)));
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await beginMonth(kit.desk)).toBe(false);
    await kit.fill(COUNT);
    await sealAll(kit.desk, kit.signer, 'T1');
    const parts = await kit.owner`
      select tableoid::regclass::text as part, count(*)::int as count from agentdesk.audit_events group by 1 order by 1`;
    expect(parts.map(({ count }) => count as number)).toEqual([COUNT, COUNT]);
    const newest = await listEvents(kit.desk, 'T1');
    expect(newest.map(({ target }) => target)).toEqual(
      Array.from({ length: 2 * COUNT }, (_, at) => `priya${2 * COUNT - 1 - at}@example.com`),
    );
    expect(await findTampering(kit.desk, 'T1')).toEqual([]);
  });

  it('protects a month as it does the log', async () => {
    const [part] = await kit.owner`select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'agentdesk.audit_events'::regclass order by 1 limit 1`;
    const name = part?.['name'] as string;
    for (const change of [`update ${name} set why = 'x'`, `delete from ${name}`, `truncate ${name}`]) {
      await expect(kit.owner.unsafe(change)).rejects.toThrow(/append-only/);
      await expect(kit.desk.sql.unsafe(change)).rejects.toThrow(/permission denied/);
    }
    await expect(kit.desk.sql.unsafe(`select 1 from ${name}`)).rejects.toThrow(/permission denied/);
    await expect(kit.desk.transaction((tx) => pruneMonth(tx, 'audit_events_first', later))).rejects.toThrow();
  });

  it('drops a month only when it is old, sealed, covered and not held, and the oldest first', async () => {
    const why = async (attempt: Promise<unknown>): Promise<string> =>
      attempt.then(
        () => 'dropped',
        (error: Error) => String((error.cause as Error).message),
      );
    expect(await why(prune('audit_events_first', new Date(0)))).toMatch(/not old enough/);
    expect(await why(prune('audit_events'))).toMatch(/no month of the log/);
    await placeHold(owner, { workspaceId: 'T1', memberId: 'U2' }, 'case 7');
    expect(await why(prune())).toMatch(/legal hold in workspace T1/);
    expect(await why(owner.transaction((tx) => eraseMember(tx, 'T1', 'U2')))).toMatch(/legal hold/);
    await liftHold(owner, { workspaceId: 'T1', memberId: 'U2' });
    await placeHold(owner, { workspaceId: 'T1', memberId: '' }, 'case 8');
    expect(await why(prune())).toMatch(/legal hold/);
    expect(await liftHold(owner, { workspaceId: 'T1', memberId: '' })).toBe(true);
    await kit.owner.unsafe('create table public.kept as table agentdesk.audit_checkpoints');
    await kit.tamper('delete from agentdesk.audit_checkpoints');
    expect(await why(prune())).toMatch(/no checkpoint covers/);
    await kit.tamper(
      'insert into agentdesk.audit_checkpoints select * from public.kept; drop table public.kept',
    );
    expect(await listOldMonths(owner, new Date(0))).toEqual([]);
    expect(await listOldMonths(owner, later)).toEqual([
      { part: 'audit_events_first', logs: [{ workspaceId: 'T1', lastIndex: COUNT - 1 }] },
    ]);
  });

  it('still proves itself after a month was dropped, and lacks nothing else', async () => {
    const before = await verify();
    expect(before.verdict).toBe('authentic');
    expect(await prune()).toEqual([{ workspaceId: 'T1', pruned: COUNT }]);
    await sealAll(kit.desk, kit.signer, 'T1');
    expect(await findTampering(kit.desk, 'T1')).toEqual([]);
    const [left] = await kit.owner`select (select count(*)::int from agentdesk.audit_salts) as salts,
      (select count(*)::int from agentdesk.audit_leaves) as leaves`;
    expect((left?.['leaves'] as number) - (left?.['salts'] as number)).toBe(COUNT);
    const after = await verify();
    expect(after).toMatchObject({ verdict: 'authentic', problems: [] });
    expect(after.facts.join()).toContain(`${COUNT} pruned`);
    expect(verifyIndependently(after.dir)).toEqual({ ok: true, events: after.manifest.events });
    expect(await verify('U1')).toMatchObject({ verdict: 'authentic', problems: [] });
    await kit.tamper(`delete from agentdesk.audit_events where target = 'priya${COUNT}@example.com'`);
    expect((await findTampering(kit.desk, 'T1')).map(({ key }) => key)).toEqual([`row_missing/${COUNT}`]);
    expect((await verify()).problems[0]).toContain(`event ${COUNT} is missing`);
  });
});

it('a database from before is cut in place, with every row, right and trigger', async () => {
  const server = postgres(inject('ownerUrl'), { max: 1, onnotice: () => undefined });
  await server`create database test_before_months`;
  const url = withDatabase(inject('ownerUrl'), 'test_before_months');
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const files = readdirSync('drizzle')
      .filter((file) => file.endsWith('.sql'))
      .sort();
    const run = async (file: string): Promise<void> => {
      await sql.begin(async (tx) => {
        const text = readFileSync(join('drizzle', file), 'utf8');
        for (const statement of text.split('--> statement-breakpoint')) await tx.unsafe(statement);
      });
    };
    const at = files.findIndex((file) => file.endsWith('_audit_months.sql'));
    for (const file of files.slice(0, at)) await run(file);
    await sql`insert into agentdesk.audit_events (workspace_id, type, actor, outcome)
      select 'T1', 'call.settled', 'desk', 'done' from generate_series(1, 5)`;
    const shape = () => sql`
      select (select array_agg(id::int order by id) from agentdesk.audit_events) as ids,
        (select array_agg(indexname order by indexname) from pg_indexes where tablename = 'audit_events') as indexes,
        (select array_agg(tgname order by tgname) from pg_trigger where tgrelid = 'agentdesk.audit_events'::regclass and not tgisinternal) as triggers,
        (select array_agg(grantee || ' ' || privilege_type order by grantee || ' ' || privilege_type) from information_schema.role_table_grants
          where table_name = 'audit_events' and grantee like 'agentdesk%') as grants,
        (select array_agg(policyname order by policyname) from pg_policies where tablename = 'audit_events') as policies`;
    const before = [...(await shape())];
    for (const file of files.slice(at)) await run(file);
    expect([...(await shape())]).toEqual(before);
    await sql`insert into agentdesk.audit_events (workspace_id, type, actor, outcome) values ('T1', 'call.settled', 'desk', 'done')`;
    const [row] =
      await sql`select count(*)::int as waiting, max(event_id)::int as last from agentdesk.audit_unsealed`;
    expect(row).toEqual({ waiting: 6, last: 6 });
  } finally {
    await sql.end();
    await server`drop database test_before_months with (force)`;
    await server.end();
  }
});
